"""A one-time token is good once, for its purpose, until it expires; the database holds nothing that could be used."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from app.core.database import Database
from app.domains.identity import one_time
from app.domains.identity.models import OneTimeToken, User
from app.domains.identity.one_time import Purpose
from tests.conftest import START

HOUR = timedelta(hours=1)


async def issued(database: Database, purpose: Purpose = Purpose.SIGN_IN, *, user_id: int | None = None) -> str:
    async with database.writing() as session:
        return await one_time.issue(
            session, purpose, now=START, good_for=HOUR, user_id=user_id, data={"from": "loopback"}
        )


async def used(
    database: Database, token: str, purpose: Purpose = Purpose.SIGN_IN, *, later: timedelta = timedelta()
) -> one_time.Used | None:
    async with database.writing() as session:
        return await one_time.use(session, token, purpose, now=START + later)


async def somebody(database: Database) -> int:
    async with database.writing() as session:
        user = User(email="ana@example.com", name="", role="viewer", recovery_codes=[])
        user.created_at = user.updated_at = START
        session.add(user)
        await session.flush()
        return user.id


async def test_it_is_good_once(database: Database) -> None:
    token = await issued(database)

    first, second = await used(database, token), await used(database, token)

    assert first == one_time.Used(None, START, {"from": "loopback"})
    assert second is None


async def test_it_is_good_for_its_purpose_alone(database: Database) -> None:
    token = await issued(database, Purpose.PASSWORD)

    assert await used(database, token, Purpose.SIGN_IN) is None
    assert await used(database, token, Purpose.PASSWORD) is not None


async def test_it_expires(database: Database) -> None:
    token = await issued(database)

    async with database.reading() as session:
        assert await one_time.peek(session, token, Purpose.SIGN_IN, now=START + HOUR) is None
        assert await one_time.peek(session, token, Purpose.PASSWORD, now=START) is None
        assert await one_time.peek(session, token, Purpose.SIGN_IN, now=START) is not None
    assert await used(database, token, later=HOUR) is None
    assert await used(database, token, later=HOUR - timedelta(microseconds=1)) is not None


async def test_of_two_who_use_it_at_once_one_wins(database: Database) -> None:
    token = await issued(database)

    found = await asyncio.gather(*(used(database, token) for _ in range(6)))

    assert [each is not None for each in found].count(True) == 1


async def test_where_the_work_fails_it_is_as_it_was(database: Database) -> None:
    token = await issued(database)

    try:
        async with database.writing() as session:
            assert await one_time.use(session, token, Purpose.SIGN_IN, now=START) is not None
            raise RuntimeError
    except RuntimeError:
        pass

    assert await used(database, token) is not None


async def test_nothing_that_is_stored_can_be_used(sqlite_database: Database) -> None:
    token = await issued(sqlite_database)

    async with sqlite_database.reading() as session:
        row = (await session.execute(select(OneTimeToken))).scalar_one()

    assert len(token) == 43  # 256 bits
    assert token not in str(vars(row))
    assert await used(sqlite_database, row.token_hash) is None


async def test_what_has_expired_is_swept_away_by_the_next(database: Database) -> None:
    await issued(database)

    async with database.writing() as session:
        await one_time.issue(session, Purpose.OIDC, now=START + HOUR, good_for=HOUR)
        rows = (await session.execute(select(OneTimeToken))).scalars().all()

    assert [row.purpose for row in rows] == ["oidc"]


async def test_a_users_tokens_are_counted_and_forgotten(database: Database) -> None:
    user_id = await somebody(database)
    tokens = [await issued(database, purpose, user_id=user_id) for purpose in (Purpose.PASSWORD, Purpose.SIGN_IN)]
    other = await issued(database)

    async with database.writing() as session:
        assert await one_time.waiting(session, user_id, Purpose.PASSWORD, now=START) == 1
        assert await one_time.waiting(session, user_id, Purpose.PASSWORD, now=START + HOUR) == 0
        await one_time.forget(session, user_id, Purpose.PASSWORD)

    assert await used(database, tokens[0], Purpose.PASSWORD) is None
    assert await used(database, tokens[1]) is not None
    assert await used(database, other) is not None


async def test_a_text_that_is_no_token_is_none(database: Database) -> None:
    for text in ("", "x" * 10_000, "\ud800", "'; DROP TABLE users; --"):
        assert await used(database, text) is None
