"""What people do with a task is told to its source: once, the latest only, and never what was taken back in time."""

from datetime import timedelta

import pytest

from app.domains import connections
from app.domains.connections import pulls
from app.domains.tasks import rules
from app.domains.tasks.views import one_out
from app.domains.tasks.writes.noting import TAKEN_BACK
from app.records import Person
from tests.workflows.mailbox import US
from tests.workflows.sync.scripted import page
from tests.workflows.writing.board import DELAY, Office, mail


async def test_nothing_is_told_unless_somebody_switched_it_on(office: Office) -> None:
    await office.holds(mail(1), write_back=False)

    await office.complete()
    await office.send()

    assert await office.states() == []
    assert office.board.seen == []


async def test_what_is_done_is_told_after_a_moment_and_is_part_of_the_history(office: Office) -> None:
    await office.holds(mail(1))

    await office.complete()
    at_once = await office.write()
    await office.send(after=timedelta(seconds=0))
    too_early = list(office.board.changes)
    await office.send()

    assert (at_once.state, at_once.mark, at_once.before, at_once.why) == ("pending", "done", "open", "")
    assert too_early == []
    assert office.board.changes == [("m1", "done")]
    ended = await office.write()
    assert (ended.state, ended.why, ended.attempts, ended.due_at) == ("done", "It shows done now.", 1, None)
    assert (await office.pipeline.history((await office.task()).id))[-1] == "written"


async def test_the_task_shows_what_became_of_it_and_its_etag_is_another_one_then(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    shown, revisions = [], []
    for _ in range(2):
        async with office.pipeline.database.reading() as session:
            task = await office.task()
            shown.append((await one_out(session, task, await connections.service.names(session))).write_back)
            revisions.append((task.version, task.score_revision))
        await office.send()

    assert shown == ["pending", "done"]
    assert revisions[0][0] == revisions[1][0]
    assert revisions[0][1] < revisions[1][1]


async def test_what_is_taken_back_in_time_is_never_sent(office: Office) -> None:
    await office.holds(mail(1))

    token = await office.complete()
    await office.undo(token)
    await office.send()

    assert office.board.seen == []
    assert [(each.state, each.why) for each in await office.writes()] == [("cancelled", TAKEN_BACK)]


async def test_what_is_taken_back_later_is_put_back_at_the_source_too(office: Office) -> None:
    await office.holds(mail(1))
    office.board.shows["m1"] = "in the inbox"
    token = await office.complete()
    await office.send()

    await office.undo(token)
    await office.send()

    assert office.board.changes == [("m1", "done"), ("m1", "open")]
    assert office.board.seen[-1].effect == {"was": "in the inbox"}
    assert await office.states() == [("done", "done"), ("open", "done")]
    assert (await office.writes())[-1].effect == {}


async def test_of_several_changes_only_the_last_is_told(office: Office) -> None:
    await office.holds(mail(1))

    await office.complete()
    await office.reopen()
    await office.complete()
    await office.do("reopen", rules.reopen)
    await office.snooze()
    await office.send()

    assert office.board.changes == [("m1", "snoozed")]


async def test_what_the_kind_tells_nobody_says_so_and_asks_nobody(office: Office) -> None:
    ours = Person("Us", US)
    place = await office.holds(mail(1))

    await office.pulling.asked(place, page(2, mail(2, to=1, sender=ours), done=True))
    noted = await office.states()
    await office.send()

    assert (await office.task()).mark == "waiting"
    assert noted == [("waiting", "pending")]
    ended = await office.write()
    assert (ended.state, ended.attempts) == ("cancelled", 0)
    assert ended.why == "Nothing is told of that: ours is set so."
    assert office.board.seen == []


async def test_a_message_that_reopens_a_task_takes_back_what_its_source_was_told(office: Office) -> None:
    place = await office.holds(mail(1))
    await office.complete()
    await office.send()

    office.pipeline.clock.advance(hours=1)
    await office.pulling.asked(place, page(2, mail(3, to=1), done=True))
    await office.send()

    assert (await office.task()).status == "open"
    assert office.board.changes == [("m1", "done"), ("m1", "open")]
    assert (await office.writes())[-1].actor == "import"


async def test_what_was_known_when_somebody_acted_is_kept(office: Office) -> None:
    place = await office.holds(mail(1))
    await office.complete()

    await office.configure(place, paused=True)
    await office.send()
    await office.configure(place, paused=False)
    await office.send(after=timedelta(minutes=2))

    assert dict(office.board.seen[0].expected) == {"m1": ""}


async def test_a_task_of_two_sources_tells_each(office: Office) -> None:
    await office.holds(mail(1))
    await office.holds(mail(2, to=1), name="theirs")

    await office.complete()
    await office.send()

    assert {(each.mark, each.state) for each in await office.writes()} == {("done", "done")}
    assert sorted(office.board.changes) == [("m1", "done"), ("m2", "done")]


async def test_a_task_that_was_done_before_it_was_switched_on_is_left_alone(office: Office) -> None:
    place = await office.holds(mail(1), write_back=False)
    await office.complete()
    await office.configure(place, write_back=True)

    await office.do("edit", rules.edit({"notes": "paid"}, None))
    await office.send()

    assert office.board.seen == []


@pytest.mark.parametrize(
    ("values", "waits"), [({"paused": True}, "is paused"), ({"state": "needs_reconnect"}, "Waits")]
)
async def test_what_can_not_be_told_now_waits_and_says_why(
    office: Office, values: dict[str, object], waits: str
) -> None:
    place = await office.holds(mail(1))
    await office.complete()
    await office.configure(place, **values)

    await office.send()
    waiting = await office.shown()
    await office.configure(place, paused=False, state="ok")
    await office.send(after=timedelta(minutes=2))

    assert (waiting.state, waiting.attempts) == ("pending", 0)
    assert waits in waiting.why
    assert office.board.changes == [("m1", "done")]


async def test_a_bulk_tells_each_task_once(office: Office) -> None:
    await office.holds(*(mail(number) for number in range(1, 31)))
    for task in await office.pipeline.tasks():
        await office.complete(task.id)

    await office.send()

    assert sorted(office.board.changes) == sorted((f"m{number}", "done") for number in range(1, 31))


async def test_a_deleted_integration_takes_its_writes_along(office: Office) -> None:
    place = await office.holds(mail(1))
    await office.complete()

    async with office.pipeline.database.writing() as session:
        await pulls.stop(session, await connections.service.get(session, place), now=office.pipeline.clock())
        await session.delete(await connections.service.get(session, place))
    await office.send(after=DELAY)

    assert await office.states() == []
