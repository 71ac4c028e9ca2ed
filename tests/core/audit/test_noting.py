"""What a transaction notes is one entry when it commits: who, what, before and after; small, and without secrets."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from sqlalchemy import select, text

from app.core import acting, audit
from app.core.acting import Caller
from app.core.audit import AuditAnchor
from app.core.audit.notes import LONGEST, MOST_CHANGES, MOST_HAPPENED
from app.core.database import Database
from tests.core.audit.trail import enter, entries, exported, verified_by_hand

ANA = Caller("user", 7, "ana@example.com", address="192.0.2.7")


async def note(database: Database, target: str, before: Any, after: Any) -> None:
    async with database.writing() as session:
        audit.changed(session, target, before, after)


async def test_all_changes_of_a_transaction_are_one_entry_of_its_caller(database: Database) -> None:
    with (
        acting.acting_as(ANA),
        acting.doing("edit_user", "user:9"),
        structlog.contextvars.bound_contextvars(correlation_id="abc"),
    ):
        async with database.writing() as session:
            audit.changed(session, "user:8", {"role": "viewer", "name": "Bo"}, {"role": "admin", "name": "Bo"})
            audit.changed(session, "user:9", {"role": "viewer"}, {"role": "admin"})

    [entry] = await entries(database)
    assert (entry.id, entry.actor, entry.actor_name, entry.address) == (1, "user:7", "ana@example.com", "192.0.2.7")
    assert (entry.action, entry.target, entry.correlation_id) == ("edit_user", "user:9", "abc")
    assert entry.changes == [
        {"target": "user:8", "field": "role", "before": "viewer", "after": "admin"},
        {"target": "user:9", "field": "role", "before": "viewer", "after": "admin"},
    ]
    assert entry.omitted == 0


async def test_what_was_made_or_removed_says_so(database: Database) -> None:
    await note(database, "user:1", None, {"name": "Bo"})
    await note(database, "user:1", {"name": "Bo"}, None)

    made, removed = await entries(database)
    assert [(each["field"], each["before"], each["after"]) for each in made.changes] == [
        ("exists", False, True),
        ("name", None, "Bo"),
    ]
    assert [(each["field"], each["before"], each["after"]) for each in removed.changes] == [
        ("exists", True, False),
        ("name", "Bo", None),
    ]


async def test_the_target_is_the_first_that_was_changed_where_none_was_named(database: Database) -> None:
    await enter(database)

    [entry] = await entries(database)
    assert (entry.target, entry.actor, entry.action) == ("thing:1", "program", "program")


async def test_what_is_rolled_back_leaves_no_entry(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            audit.changed(session, "user:8", {"role": "viewer"}, {"role": "admin"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await entries(database) == []


async def test_a_change_that_changes_nothing_leaves_no_entry(database: Database) -> None:
    await note(database, "user:8", {"role": "viewer"}, {"role": "viewer"})

    assert await entries(database) == []


async def test_what_somebody_asked_for_leaves_an_entry_also_where_nothing_was_noted(database: Database) -> None:
    with acting.acting_as(ANA), acting.doing("sync_due"):
        async with database.writing() as session:
            audit.asked(session)

    [entry] = await entries(database)
    assert (entry.action, entry.actor, entry.target, entry.changes) == ("sync_due", "user:7", "", [])


async def test_who_only_looked_what_would_happen_leaves_none(database: Database) -> None:
    async with database.writing() as session:
        audit.asked(session)
        audit.only_looked(session)

    assert await entries(database) == []


async def test_what_happened_without_a_change_is_an_entry_of_its_own(database: Database) -> None:
    with acting.doing("sign_in"):
        async with database.writing() as session:
            audit.asked(session)
            audit.happened(session, "signed_in", "user:7", method="password")
            acting.become(ANA)

    [entry] = await entries(database)
    assert (entry.action, entry.target, entry.actor) == ("signed_in", "user:7", "user:7")
    assert entry.changes == [{"target": "user:7", "field": "method", "before": None, "after": "password"}]


async def test_a_bulk_makes_one_small_entry_and_counts_the_rest(database: Database) -> None:
    async with database.writing() as session:
        for number in range(50_000):
            audit.changed(session, f"task:{number}", {"status": "open"}, {"status": "done"})

    [entry] = await entries(database)
    assert len(entry.changes) == MOST_CHANGES
    assert entry.omitted == 50_000 - MOST_CHANGES


async def test_happenings_have_a_bound_too(database: Database) -> None:
    async with database.writing() as session:
        for number in range(MOST_HAPPENED + 5):
            audit.happened(session, "signed_out", f"user:{number}")

    assert len(await entries(database)) == MOST_HAPPENED


async def test_long_texts_and_large_values_are_cut(database: Database) -> None:
    await note(database, "rule:1", {"text": "x" * 10_000}, {"text": "y" * 10_000, "list": [{"a": "z" * 900}] * 900})

    [entry] = await entries(database)
    text_, list_ = entry.changes
    assert len(text_["before"]) <= LONGEST
    assert text_["before"].startswith("xxx")
    assert len(str(list_["after"])) <= 2 * LONGEST


@pytest.mark.parametrize("name", ["password", "api_key", "totp_secret", "token", "cookie"])
async def test_what_stands_under_the_name_of_a_secret_is_not_kept(sqlite_database: Database, name: str) -> None:
    await note(sqlite_database, "user:1", {name: "hunter22"}, {"settings": {name: "swordfish"}})

    [entry] = await entries(sqlite_database)
    assert "hunter22" not in str(entry.changes)
    assert "swordfish" not in str(entry.changes)
    assert "«redacted»" in str(entry.changes)


async def test_what_looks_like_a_secret_is_not_kept_either(sqlite_database: Database) -> None:
    await note(sqlite_database, "integration:1", {}, {"note": "use xoxb-123456789012-abcdefghijkl here"})

    [entry] = await entries(sqlite_database)
    assert "xoxb" not in str(entry.changes)


async def test_of_what_is_unsaid_only_the_change_is_told(database: Database) -> None:
    await note(database, "task:1", {"title": audit.Unsaid("Old")}, {"title": audit.Unsaid("New")})
    await note(database, "task:1", {"title": audit.Unsaid("New")}, {"title": audit.Unsaid("New")})

    [entry] = await entries(database)
    assert entry.changes == [{"target": "task:1", "field": "title", "before": "…", "after": "…"}]


async def test_every_value_that_services_hold_can_be_kept_and_verified(database: Database) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    values = {
        "text": "a\x00b\ud800 «grün» 🙂",
        "number": 2**60,
        "small": 7,
        "share": 0.1,
        "nothing": "",
        "moment": at,
        "day": at.date(),
        "names": {"b", "a"},
        "pairs": (1, 2),
        "deep": {"a": [{"b": None}]},
    }
    await note(database, "thing:\x00\ud8001", None, values)

    [entry] = await entries(database)
    kept = {each["field"]: each["after"] for each in entry.changes}
    assert kept["text"] == "a�b? «grün» 🙂"
    assert (kept["number"], kept["small"], kept["share"]) == (str(2**60), 7, "0.1")
    assert (kept["moment"], kept["day"]) == ("2026-03-02T09:00:00+00:00", "2026-03-02")
    assert (kept["names"], kept["pairs"], kept["deep"]) == (["a", "b"], [1, 2], {"a": [{"b": None}]})
    assert verified_by_hand(await exported(database)) == entry.hash


async def test_writers_at_once_make_one_chain_without_a_gap(database: Database) -> None:
    await asyncio.gather(*(enter(database, 5, first=10 * each) for each in range(8)))

    found = await entries(database)
    assert [each.id for each in found] == list(range(1, 41))
    assert verified_by_hand(await exported(database)) == found[-1].hash


async def test_the_chain_is_locked_last_so_that_a_slow_transaction_holds_up_nobody(postgres_database: Database) -> None:
    async with postgres_database.writing() as slow:
        audit.changed(slow, "thing:1", {}, {"state": "done"})
        await slow.execute(text("SELECT 1"))
        await asyncio.wait_for(enter(postgres_database, 3), timeout=10)

    assert [each.id for each in await entries(postgres_database)] == [1, 2, 3, 4]


async def test_nothing_is_forgotten_yet(database: Database) -> None:
    await enter(database)

    async with database.reading() as session:
        assert (await session.execute(select(AuditAnchor))).first() is None
