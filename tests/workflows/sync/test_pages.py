"""Each page is stored with the cursor behind it, or not at all; the same again changes nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.core import errors, events
from app.domains.tasks.models import StoredItem
from app.records import Item, Kept, Refusal, Work
from tests.workflows.given import ANNA, hashed, line, row
from tests.workflows.sync.scripted import Pulling, page


def mail(number: int, words: str = "Could you send me the offer by Friday?", **given: Any) -> Item:
    fields: dict[str, Any] = {
        "external_id": f"m{number}",
        "sender": ANNA,
        "subject": f"Offer {number}",
        "text": words,
    } | given
    return hashed(Item(sent_at=None, keys=(f"m{number}@x",), **fields | given))


async def stored(pulling: Pulling) -> dict[str, StoredItem]:
    return {item.external_id: item for item in await pulling.pipeline.items()}


async def test_a_pull_stores_its_pages_and_says_how_it_went(pulling: Pulling) -> None:
    place = await pulling.configured()

    run = await pulling.pull(page(1, mail(1), mail(2)), page(2, mail(3), done=True))

    assert (run.state, run.pages, run.read, run.new, run.tasks_new) == ("succeeded", 2, 3, 3, 3)
    assert (run.reason, run.cursor_before, run.cursor_after, run.what) == ("schedule", None, {"at": 2}, "page 2")
    found = await pulling.place(place)
    assert (found.state, found.cursor, found.failures, found.last_error) == ("ok", {"at": 2}, 0, None)
    assert found.cursor_at == found.last_success_at == pulling.pipeline.clock()
    assert found.next_sync_at == pulling.pipeline.clock() + timedelta(minutes=2)


async def test_the_same_pull_again_changes_nothing(pulling: Pulling) -> None:
    await pulling.configured()
    await pulling.pull(page(1, mail(1), mail(2), done=True))
    before = await pulling.pipeline.tasks()
    pulling.pipeline.clock.advance(minutes=2)

    run = await pulling.pull(page(1, mail(1), mail(2), done=True))

    assert (run.new, run.updated, run.unchanged, run.tasks_updated) == (0, 0, 2, 0)
    assert [(task.id, task.version) for task in await pulling.pipeline.tasks()] == [
        (task.id, task.version) for task in before
    ]


async def test_the_next_pull_begins_where_the_last_one_ended(pulling: Pulling) -> None:
    await pulling.configured()
    await pulling.pull(page(7, mail(1), done=True))
    pulling.pipeline.clock.advance(minutes=2)

    await pulling.pull(page(8, done=True))

    first, second = pulling.source.seen
    assert (first.cursor, second.cursor) == ({}, {"at": 7})
    assert second.until == pulling.pipeline.clock()
    assert first.since == pulling.pipeline.clock() - timedelta(days=30, minutes=2)


async def test_what_was_stored_before_a_failure_stays_with_its_cursor(pulling: Pulling) -> None:
    place = await pulling.configured()

    run = await pulling.pull(page(1, mail(1)), page(2, mail(2)), errors.Unreachable("It does not answer."))

    assert (run.state, run.new, run.cursor_after) == ("failed", 2, {"at": 2})
    assert (await pulling.place(place)).cursor == {"at": 2}
    assert set(await stored(pulling)) == {"m1", "m2"}


async def test_what_is_gone_at_its_source_loses_its_words_and_asks_for_nothing(pulling: Pulling) -> None:
    await pulling.configured()
    await pulling.pull(page(1, mail(1), mail(2), done=True))
    pulling.pipeline.clock.advance(minutes=2)

    run = await pulling.pull(page(2, gone=("m1", "never seen"), done=True))

    assert run.gone == 1
    item = (await stored(pulling))["m1"]
    assert (item.text, item.automation_category, item.gone_at) == ("", "deleted", pulling.pipeline.clock())
    assert [task.status for task in await pulling.pipeline.tasks()] == ["not_for_us", "open"]


async def test_what_comes_back_is_there_again(pulling: Pulling) -> None:
    await pulling.configured()
    await pulling.pull(page(1, mail(1), row("r1", work=Work()), done=True))
    pulling.pipeline.clock.advance(minutes=2)
    await pulling.pull(page(2, gone=("m1", "r1"), done=True))
    pulling.pipeline.clock.advance(minutes=2)

    run = await pulling.pull(page(3, mail(1), row("r1", work=Work()), done=True))

    assert (run.updated, run.new) == (2, 0)
    assert [(item.gone_at, item.automation_category) for item in (await stored(pulling)).values()] == [(None, None)] * 2
    assert [task.status for task in await pulling.pipeline.tasks()] == ["open", "open"]


async def test_what_a_person_set_survives_every_pull(pulling: Pulling) -> None:
    await pulling.configured()
    await pulling.pull(page(1, row("r1", work=Work(priority="low")), done=True))
    [task] = await pulling.pipeline.tasks()
    await pulling.pipeline.edit(task.id, priority="high", title="Ours")
    pulling.pipeline.clock.advance(minutes=2)

    await pulling.pull(page(2, row("r1", title="Theirs", work=Work(priority="normal")), done=True))
    pulling.pipeline.clock.advance(minutes=2)
    await pulling.pull(page(3, gone=("r1",), done=True))

    [task] = await pulling.pipeline.tasks()
    assert (task.title, task.priority) == ("Ours", "high")


async def test_an_edit_upstream_is_followed_within_the_same_pull(pulling: Pulling) -> None:
    await pulling.configured()
    first, second = line(1, "I will look at it"), line(1, "Can you please look at it today?")

    run = await pulling.pull(page(1, first), page(2, second, done=True))

    assert (run.new, run.updated) == (1, 1)
    assert (await stored(pulling))["C1/1"].text == "Can you please look at it today?"


async def test_one_bad_thing_is_refused_and_kept_and_the_others_are_stored(pulling: Pulling) -> None:
    place = await pulling.configured()
    kept = Kept("TOOL", {"page": 1}, "data.messages[1].id", {"item": "m9", "access_token": "secret"}, whole=False)

    run = await pulling.pull(page(1, mail(1), Refusal("thing 2", "It has no id.", kept), done=True))

    assert (run.state, run.read, run.new, run.refused, run.warnings) == ("succeeded", 2, 1, 1, 1)
    [answer] = await pulling.kept(place)
    assert (answer.tool, answer.path, answer.why, answer.whole) == (
        "TOOL",
        "data.messages[1].id",
        "It has no id.",
        False,
    )
    assert answer.value == {"item": "m9", "access_token": "«redacted»"}


async def test_watchers_hear_of_each_page_once_it_is_stored(pulling: Pulling) -> None:
    place = await pulling.configured()
    reader = events.Reader(events.log_of(pulling.database), 0)

    run = await pulling.pull(page(1, mail(1)), page(2, mail(2), done=True))

    heard = await reader.next(pulling.pipeline.clock())
    progress = [(each.data["state"], each.data["pages"], each.data["new"]) for each in heard if "progress" in each.type]
    assert progress == [("running", 0, 0), ("running", 1, 1), ("running", 2, 2), ("succeeded", 2, 2)]
    states = [each.data["state"] for each in heard if each.type == "integration.changed"]
    assert (states[0], states[-1]) == ("syncing", "ok")
    assert {each.data["integration"] for each in heard} == {place}
    assert sum(each.data["changed"] for each in heard if each.type == "queue.changed") == run.new
    assert await reader.next(pulling.pipeline.clock()) == []


async def test_items_of_a_page_carry_their_run(pulling: Pulling) -> None:
    await pulling.configured()

    run = await pulling.pull(page(1, mail(1), done=True))

    async with pulling.database.reading() as session:
        assert (await session.execute(text("SELECT run_id FROM items"))).scalars().all() == [run.id]
