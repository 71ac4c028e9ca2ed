"""Rulesets in versions: saved where they are sound, found again, activated, rolled back, and seeded by each release."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.core.database import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.domains.ranking import ruleset
from app.domains.ranking.rules import RulesetInvalid
from app.domains.rulesets import calendars, service
from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.naming import RESERVED, SHIPPED_BY
from tests.conftest import START, SettableClock
from tests.domains.rulesets.texts import rule, text


async def save(database: Database, name: str = "own", content: str | None = None, **words: str) -> service.Saved:
    async with database.writing() as session:
        return await service.save(session, name, content or text(name), now=START, **words)


async def activate(database: Database, row: StoredRuleset) -> bool:
    async with database.writing() as session:
        return (await service.activate(session, row, actor="ana", now=START))[1]


async def roll_back(database: Database) -> str:
    async with database.writing() as session:
        row, _ = await service.roll_back(session, actor="ana", now=START)
    return f"{row.name} {row.version}"


async def in_force(database: Database) -> str | None:
    async with database.reading() as session:
        row = await service.active(session)
    return f"{row.name} {row.version}" if row else None


async def seed(database: Database) -> list[str]:
    async with database.writing() as session:
        return [f"{row.name} {row.version}" for row in await service.seed(session, now=START)]


def ship(monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    """As if another release shipped these rulesets."""
    monkeypatch.setattr(ruleset, "SHIPPED", tuple(texts))
    monkeypatch.setattr(ruleset, "shipped_text", lambda name: texts[name])
    service.shipped.cache_clear()


@pytest.fixture(autouse=True)
def own_shipment() -> Iterator[None]:
    """What a test ships, no other test sees."""
    yield
    service.shipped.cache_clear()


async def test_a_saved_text_is_kept_to_the_letter_with_author_and_note(database: Database) -> None:
    saved = await save(database, author=" Ana ", note="First try")

    async with database.reading() as session:
        row = await service.version_of(session, "own")
    assert (row.version, row.text, row.author, row.note) == (1, text(), "Ana", "First try")
    assert (row.description, row.rules, row.created_at) == ("What I say", 1, START)
    assert (saved.fresh, saved.before) == (True, None)


async def test_versions_count_up_by_name(database: Database) -> None:
    for points in (30, 31):
        await save(database, content=text(points=points))
    await save(database, "other")

    async with database.reading() as session:
        assert [row.version for row in await service.versions(session, "own")] == [2, 1]
        assert (await service.version_of(session, "other")).version == 1
        assert (await service.version_of(session, "own", 1)).text == text(points=30)
        for name, version in (("own", 3), ("nobody", None)):
            with pytest.raises(NotFound):
                await service.version_of(session, name, version)


async def test_the_same_text_again_changes_nothing_and_an_earlier_one_does(database: Database) -> None:
    await save(database, content=text(points=30))
    again = await save(database, content=text(points=30), author="Ben")
    await save(database, content=text(points=31))
    back = await save(database, content=text(points=30))

    assert (again.fresh, again.row.version, again.row.author) == (False, 1, "person")
    assert (back.fresh, back.row.version) == (True, 3)


async def test_people_who_save_at_once_get_a_version_each(database: Database) -> None:
    await asyncio.gather(*(save(database, content=text(points=points)) for points in range(1, 6)))

    async with database.reading() as session:
        assert [row.version for row in await service.versions(session, "own")] == [5, 4, 3, 2, 1]


async def test_what_can_not_be_a_ruleset_is_refused_with_every_problem(database: Database) -> None:
    bad = text().replace("says_urgent", "says_urgnt").replace("points = 30", "points = 0")

    with pytest.raises(Invalid) as caught:
        await save(database, content=bad)

    places = [error.location for error in caught.value.errors]
    assert "rules[1] urgent.when" in places
    assert "rules[1] urgent.points" in places
    assert "did you mean 'says_urgent'?" in str(caught.value.extensions["problems"])
    assert await in_force(database) is None


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Own", "", "a b", "-a", "a" * 65, "ä"])
async def test_a_name_that_is_none_is_refused(sqlite_database: Database, name: str) -> None:
    with pytest.raises(Invalid):
        await save(sqlite_database, name, text("own"))


@pytest.mark.parametrize("author", ["watchfloor", " WatchFloor ", "x" * 201, "\x00"])
async def test_nobody_else_can_sign_as_the_program(sqlite_database: Database, author: str) -> None:
    with pytest.raises(Invalid):
        await save(sqlite_database, author=author)


async def test_a_document_must_be_called_what_it_is_saved_as(sqlite_database: Database) -> None:
    with pytest.raises(Invalid, match="must be the same"):
        await save(sqlite_database, "other", text("own"))


async def test_the_bounds_of_texts_and_names_hold(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="larger than 400 kB"):
        await save(sqlite_database, content=text(more="#" * 400_000))
    monkeypatch.setattr(service, "MOST_NAMES", 2)
    await save(sqlite_database, "one")
    await save(sqlite_database, "two")
    with pytest.raises(Conflict):
        await save(sqlite_database, "three")
    assert (await save(sqlite_database, "two", text("two", points=2))).fresh


@pytest.mark.parametrize(
    "content",
    [f"x = {'9' * 5000}", f"x = {'[' * 5000}", f"x = {'{a=' * 3000}", "\ud800", 'name = "a\\u0000"', ""],
    ids=["a long number", "deep lists", "deep tables", "half a character", "NUL", "nothing"],
)
async def test_hostile_texts_are_refused_like_any_other(sqlite_database: Database, content: str) -> None:
    with pytest.raises(Invalid):
        await save(sqlite_database, content=content or "\n")


async def test_the_version_belongs_to_the_store_not_to_the_document(database: Database) -> None:
    await save(database)
    await save(database, content=text(more=rule("second")).replace('name = "own"', 'name = "own"\nversion = 7'))

    async with database.reading() as session:
        compiled = await service.compiled(session, await service.version_of(session, "own"))
    assert (compiled.name, compiled.version, len(compiled.rules)) == ("own", 2, 2)


async def test_without_any_activation_nothing_is_active(database: Database) -> None:
    assert await in_force(database) is None
    with pytest.raises(Conflict):
        await roll_back(database)


async def test_what_was_active_when_can_be_told(database: Database, clock: SettableClock) -> None:
    rows = [(await save(database, name)).row for name in ("one", "two")]
    for row in rows:
        clock.advance(hours=1)
        async with database.writing() as session:
            await service.activate(session, row, actor="ana", now=clock())

    async def at(hours: float) -> str | None:
        async with database.reading() as session:
            row = await service.active_at(session, START + timedelta(hours=hours))
        return row.name if row else None

    assert [await at(hours) for hours in (0.5, 1, 1.5, 2, 99)] == [None, "one", "one", "two", "two"]


async def test_activating_what_is_active_changes_nothing(database: Database) -> None:
    row = (await save(database)).row

    assert await activate(database, row)
    assert not await activate(database, row)
    async with database.reading() as session:
        assert len(await service.history(session)) == 1


async def test_roll_backs_walk_further_and_further_back(database: Database) -> None:
    for name in ("one", "two", "three"):
        await activate(database, (await save(database, name)).row)

    assert await roll_back(database) == "two 1"
    assert await roll_back(database) == "one 1"
    with pytest.raises(Conflict):
        await roll_back(database)
    assert await in_force(database) == "one 1"


async def test_after_a_roll_back_and_another_ruleset_the_way_back_is_the_one_that_was_walked(
    database: Database,
) -> None:
    for name in ("one", "two", "three"):
        await activate(database, (await save(database, name)).row)
    assert await roll_back(database) == "two 1"
    await activate(database, (await save(database, "four")).row)

    assert [await roll_back(database) for _ in range(2)] == ["two 1", "one 1"]
    async with database.reading() as session:
        told = [(row.name, row.returns_to) for row in await service.history(session)]
    assert told == [("one", 1), ("two", 2), ("four", None), ("two", 2), ("three", None), ("two", None), ("one", None)]


async def test_history_can_be_asked_of_one_name_and_in_pages(database: Database) -> None:
    for name in ("one", "two", "one-more"):
        await activate(database, (await save(database, name)).row)

    async with database.reading() as session:
        assert [row.id for row in await service.history(session, limit=2)] == [3, 2]
        assert [row.id for row in await service.history(session, before=2)] == [1]
        assert [row.id for row in await service.history(session, name="two")] == [2]


async def test_names_tell_of_the_newest_version(database: Database) -> None:
    await save(database, "b")
    for points in (1, 2):
        await save(database, "a", text("a", points=points, more=rule("more") * (points - 1)))

    async with database.reading() as session:
        found = [(row.name, row.version, row.versions, row.rules) for row in await service.names(session)]
        assert [row.name for row in await service.names(session, after="a")] == ["b"]
    assert found == [("a", 2, 2, 2), ("b", 1, 1, 1)]


async def test_a_first_start_stores_what_is_shipped_and_activates_the_default(database: Database) -> None:
    assert await seed(database) == [f"{name} 1" for name in ruleset.SHIPPED]

    assert await in_force(database) == f"{ruleset.SHIPPED[0]} 1"
    async with database.reading() as session:
        assert await service.is_seeded(session)
        row = await service.version_of(session, ruleset.SHIPPED[0])
    assert (row.author, row.text) == (SHIPPED_BY, ruleset.shipped_text(ruleset.SHIPPED[0]))
    assert await seed(database) == []


async def test_several_processes_seed_once(database: Database) -> None:
    found = await asyncio.gather(*(seed(database) for _ in range(4)))

    assert sorted(len(each) for each in found) == [0, 0, 0, len(ruleset.SHIPPED)]
    async with database.reading() as session:
        assert len(await service.history(session)) == 1


async def test_a_later_release_improves_the_default_of_who_kept_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, default=text("default"), other=text("other"))
    await seed(database)

    ship(monkeypatch, default=text("default", points=31), other=text("other"))

    async with database.reading() as session:
        assert not await service.is_seeded(session)
    assert await seed(database) == ["default 2"]
    assert await in_force(database) == "default 2"
    assert await roll_back(database) == "default 1"
    assert await seed(database) == []
    assert await in_force(database) == "default 1"


async def test_a_later_release_leaves_a_persons_own_version_active(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, default=text("default"))
    await seed(database)
    own = await save(database, "default", text("default", points=99))
    await activate(database, own.row)

    ship(monkeypatch, default=text("default", points=31))

    assert await seed(database) == ["default 3"]
    assert await in_force(database) == "default 2"


async def test_another_shipped_ruleset_stays_active_until_a_newer_one_of_it_is_shipped(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, default=text("default"), other=text("other"))
    await seed(database)
    async with database.reading() as session:
        other = await service.version_of(session, "other")
    await activate(database, other)

    ship(monkeypatch, default=text("default", points=31), other=text("other"))
    await seed(database)
    assert await in_force(database) == "other 1"

    ship(monkeypatch, default=text("default", points=31), other=text("other", points=31))
    await seed(database)
    assert await in_force(database) == "other 2"


async def test_a_stored_text_that_the_program_can_no_longer_read_says_so(database: Database) -> None:
    row = StoredRuleset(
        name="old", version=1, text="name = 5", digest="0" * 16, description="", rules=1, author="", note=""
    )
    row.created_at = START
    async with database.writing() as session:
        session.add(row)
        await session.flush()
        with pytest.raises(RulesetInvalid):
            await service.compiled(session, row)


async def test_the_revision_is_another_one_after_an_activation_and_a_calendar(database: Database) -> None:
    async def revision() -> tuple[int | None, int | None]:
        async with database.reading() as session:
            return await service.revision(session)

    first = await revision()
    row = (await save(database)).row
    assert await revision() == first
    await activate(database, row)
    second = await revision()
    async with database.writing() as session:
        await calendars.put(session, "tokyo", {"zone": "Asia/Tokyo", "hours": {"monday": ["9:00-17:00"]}}, now=START)

    assert len({first, second, await revision()}) == 3
