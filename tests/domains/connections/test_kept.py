"""What is kept of answers that nobody could read: each once, and marked where it is not as it was given."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.core.database import Database
from app.domains.connections import kept as kept_answers
from app.domains.connections.models import Integration, KeptAnswer
from app.domains.connections.views import kept_detail
from app.records import Kept
from tests.conftest import START


def of(value: Any, path: str = "data.messages[0]", **arguments: Any) -> Kept:
    return Kept("TOOL", arguments, path, value, whole=False)


async def kept_after(database: Database, *pulls: Sequence[Kept]) -> Sequence[KeptAnswer]:
    """Newest first, after pulls a minute apart."""
    async with database.writing() as session:
        place = Integration(kind="x", name="x", settings={}, state="new", created_at=START, updated_at=START)
        session.add(place)
        await session.flush()
    for number, found in enumerate(pulls):
        async with database.writing() as session:
            await kept_answers.keep(
                session,
                [(each, f"pull {number}") for each in found],
                integration_id=place.id,
                run_id=None,
                now=START + timedelta(minutes=number),
            )
    async with database.reading() as session:
        return await kept_answers.every(session, place.id, limit=1000)


async def test_one_thing_that_comes_again_with_each_pull_is_kept_once_and_pushes_out_nothing(
    database: Database,
) -> None:
    pulls = [[of({"same": 1}, f"data.messages[{n}].id")] for n in range(kept_answers.MOST_OF_ONE + 5)]

    same, other = await kept_after(database, [of({"other": 1})], *pulls)

    assert (same.value, other.value) == ({"same": 1}, {"other": 1})
    assert (same.at, same.why) == (START + timedelta(minutes=len(pulls)), f"pull {len(pulls)}")
    assert same.path == f"data.messages[{len(pulls) - 1}].id"


async def test_what_differs_is_kept_apart(sqlite_database: Database) -> None:
    other_tool = Kept("OTHER", {}, "data.messages[0]", {"a": 1}, whole=False)
    whole = Kept("TOOL", {}, "data.messages[0]", {"a": 1}, whole=True)
    found = [of({"a": 1}), of({"a": 2}), of({"a": 1}, "data.threads[0]"), other_tool, whole]

    assert len(await kept_after(sqlite_database, found, found)) == len(found)


async def test_the_newest_are_kept(sqlite_database: Database) -> None:
    found = await kept_after(sqlite_database, [of({"n": n}) for n in range(kept_answers.MOST_OF_ONE + 5)])

    assert len(found) == kept_answers.MOST_OF_ONE
    assert found[-1].value == {"n": 5}


@pytest.mark.parametrize(
    ("given", "shortened"),
    [
        (of({"text": "plain"}, channel="C1"), False),
        (of({"text": "https://client.example/confirm?token=abcdef1234"}), True),
        (of({"text": "x" * kept_answers.MOST_CHARACTERS}), True),
        (of({"text": "plain"}, password="hunter2"), True),
    ],
)
async def test_what_is_not_as_it_was_given_can_only_be_looked_at(
    sqlite_database: Database, given: Kept, shortened: bool
) -> None:
    [found] = await kept_after(sqlite_database, [given])

    assert found.shortened is shortened


async def test_arguments_stay_arguments_however_many_they_are(database: Database) -> None:
    [found] = await kept_after(database, [of(1, **{f"{n:0300}": "x" * 300 for n in range(400)})])

    assert kept_detail(found).arguments
