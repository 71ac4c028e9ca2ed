"""Whatever goes wrong on the way, a source is told once in the end, or a person sees why it was not."""

import asyncio
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import Conflict, Rejected, Throttled, TimedOut, Unauthorised, Unreachable
from app.domains.tasks import actions, joining
from app.domains.tasks.writes import outbox
from app.integrations.writing import Write, Written
from app.workflows import runs
from app.workflows.sync.configuring import switch_writing
from app.workflows.writing.sending import Sender
from tests.workflows.writing.board import DELAY, Board, Office, mail, nothing

AWAY = Unreachable("Scripted does not answer.", service="Scripted")


async def retry(office: Office, *, overwrite: bool = False) -> None:
    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, (await office.write()).id)
        await outbox.retry(session, write, overwrite=overwrite, now=office.pipeline.clock())


async def test_a_source_that_is_away_is_told_later_and_ever_more_rarely(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [AWAY] * 4
    waits = []

    await office.send()
    for _ in range(4):
        waiting = await office.write()
        assert waiting.due_at is not None
        waits.append((waiting.due_at - office.pipeline.clock()).total_seconds())
        assert (waiting.state, waiting.why) == ("pending", AWAY.detail)
        await office.send(after=timedelta(seconds=waits[-1]))

    assert waits == [15, 30, 60, 120]
    assert (await office.write()).state == "done"
    assert office.board.changes == [("m1", "done")]


async def test_it_is_not_told_sooner_than_the_service_asks(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [Throttled("Slow down.", retry_after_s=100, happened=False)]

    await office.send()

    assert (await office.write()).due_at == office.pipeline.clock() + timedelta(seconds=100)


async def test_after_a_day_it_is_given_up_and_a_person_can_try_again(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [AWAY] * 400
    while (await office.write()).state == "pending":
        await office.send(after=timedelta(minutes=16))
    given_up = await office.write()
    office.board.script = []

    await retry(office)
    await office.send()

    assert given_up.why == "Given up after 24 hours. Scripted does not answer."
    assert (await office.write()).state == "done"


@pytest.mark.parametrize("error", [Rejected("It refuses."), Unauthorised("It wants another scope. Reconnect it.")])
async def test_what_is_refused_waits_for_a_person_and_says_why(office: Office, error: Exception) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [error]

    await office.send()
    await office.send(after=timedelta(days=1))
    refused = await office.write()
    await retry(office)
    await office.send()

    assert (refused.state, refused.why, refused.attempts) == ("refused", str(error), 1)
    assert office.board.changes == [("m1", "done")]


async def test_a_conflict_is_shown_and_nothing_is_overwritten_until_a_person_says_so(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    clash = Clashing()
    office.board = clash
    office.__post_init__()

    await office.send()
    met = await office.write()
    await retry(office)
    await office.send()
    met_again = await office.write()
    await retry(office, overwrite=True)
    await office.send()

    assert (met.state, met.why) == ("conflict", "It is «In review» by now.")
    assert met_again.state == "conflict"
    assert clash.changes == [("m1", "done")]


class Clashing(Board):
    """Somebody changed the source meanwhile."""

    async def write(self, write: Write, /) -> Written:
        if not write.overwrite:
            return Written(outcome="conflict", detail="It is «In review» by now.")
        return await super().write(write)


async def test_what_was_followed_by_another_change_is_not_tried_again(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [Rejected("It refuses.")]
    await office.send()
    refused = await office.write()
    await office.reopen()
    await office.snooze()

    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, refused.id)
        with pytest.raises(Conflict, match="It is cancelled"):
            await outbox.retry(session, write, overwrite=False, now=office.pipeline.clock())


async def test_a_defect_of_a_writer_shows_on_its_task_and_stops_nothing_else(
    office: Office, logged: list[MutableMapping[str, Any]]
) -> None:
    await office.holds(mail(1), mail(2))
    for task in await office.pipeline.tasks():
        await office.complete(task.id)
    office.board.script = [ZeroDivisionError()]

    await office.send()

    assert sorted(each.state for each in await office.writes()) == ["done", "refused"]
    assert [entry["event"] for entry in logged if entry["log_level"] == "error"] == ["a write met a defect"]


async def test_a_stop_in_the_middle_loses_nothing_and_doubles_nothing(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    inside = asyncio.Event()

    def hang(_write: Write) -> Any:
        inside.set()
        return asyncio.Event().wait()

    office.board.script = [nothing, nothing, hang]  # it is written, and nobody hears of it
    office.pipeline.clock.advance(DELAY)
    sender = office.sender()
    await sender.send_due()
    await inside.wait()
    await sender.stop()

    stopped = await office.write()
    await office.send(after=timedelta())

    assert (stopped.state, stopped.owner) == ("pending", None)
    assert (await office.write()).state == "done"
    assert office.board.changes == [("m1", "done")]


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_whenever_its_process_is_killed_another_finishes_it_and_it_can_be_taken_back(
    office: Office, at: int
) -> None:
    """Killed after it was taken up; after it was planned; after it was written."""
    await office.holds(mail(1))
    office.board.shows["m1"] = "in the inbox"
    token = await office.complete()
    office.board.script = [*[nothing] * (at - 1), lambda _write: killed()]
    await killed_while_sending(office)

    dead = await office.write()
    await office.send(after=timedelta(seconds=1))
    not_yet = await office.states()
    await office.send(after=runs.LEASE)
    done = await office.states()
    await office.undo(token)
    await office.send()

    assert dead.state == "sending"
    assert not_yet == [("done", "sending")]
    assert done == [("done", "done")]
    assert office.board.changes == [("m1", "done"), ("m1", "open")]
    assert office.board.seen[-1].effect == {"was": "in the inbox"}


class Killed(BaseException):
    """Nothing that comes after this in the process happens."""


def killed() -> None:
    raise Killed


async def killed_while_sending(office: Office) -> None:
    """A process that takes up what is due and dies in the middle: it gives nothing back."""
    office.pipeline.clock.advance(DELAY)
    sender = office.sender()
    await sender.send_due()
    await sender.settle()


async def test_what_was_tried_and_is_taken_back_then_is_looked_at(office: Office) -> None:
    """Nobody knows whether it happened, so it is not simply left out."""
    await office.holds(mail(1))
    office.board.shows["m1"] = "in the inbox"
    token = await office.complete()
    office.board.script = [nothing, nothing, TimedOut("It took too long.")]
    await office.send()

    await office.undo(token)
    await office.send(after=timedelta(minutes=1))

    assert office.board.changes == [("m1", "done"), ("m1", "open")]
    assert await office.states() == [("open", "done")]


async def test_what_changes_while_it_is_being_told_is_told_after_it(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()

    async def meanwhile() -> None:
        await office.reopen()
        await office.snooze()

    office.board.script = [lambda _write: meanwhile()]
    await office.send()
    await office.send()

    assert office.board.changes == [("m1", "done"), ("m1", "snoozed")]
    assert await office.states() == [("done", "done"), ("snoozed", "done")]


async def test_a_change_during_a_failed_try_takes_its_place(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()

    async def meanwhile() -> None:
        await office.reopen()
        await office.snooze()
        raise AWAY

    office.board.script = [lambda _write: meanwhile()]
    await office.send()
    await office.send(after=timedelta(minutes=1))

    assert office.board.changes == [("m1", "snoozed")]
    assert await office.states() == [("done", "cancelled"), ("snoozed", "done")]


async def test_switched_off_what_waits_is_left_out(office: Office) -> None:
    place = await office.holds(mail(1))
    await office.complete()

    async with office.pipeline.database.writing() as session:
        manifest = office.pulling.syncing().kinds["scripted"]
        integration = await session.merge(await office.pulling.place(place))
        await switch_writing(session, integration, manifest, on=False, now=office.pipeline.clock())
    await office.send()

    assert [(each.state, each.why) for each in await office.writes()] == [
        ("cancelled", "Writing back was switched off before it was sent.")
    ]
    assert office.board.seen == []


async def test_a_kind_that_can_not_be_told_can_not_be_switched_on(office: Office) -> None:
    office.pulling.writing = None
    place = await office.holds(mail(1), write_back=False)

    async with office.pipeline.database.writing() as session:
        integration = await session.merge(await office.pulling.place(place))
        manifest = office.pulling.syncing().kinds["scripted"]
        with pytest.raises(Conflict, match="only read"):
            await switch_writing(session, integration, manifest, on=True, now=office.pipeline.clock())


async def test_two_processes_tell_each_change_once(on_postgres: Office) -> None:
    office = on_postgres
    await office.holds(*(mail(number) for number in range(1, 25)))
    for task in await office.pipeline.tasks():
        await office.complete(task.id)
    office.pipeline.clock.advance(DELAY)

    async def work(sender: Sender) -> None:
        while {state for _, state in await office.states()} & {"pending", "sending"}:
            await sender.send_due()
            await sender.settle()

    async with asyncio.timeout(20):
        await asyncio.gather(work(office.sender()), work(office.sender()))

    assert sorted(office.board.changes) == sorted((f"m{number}", "done") for number in range(1, 25))


async def test_of_a_task_that_was_merged_away_nothing_is_told(office: Office) -> None:
    await office.holds(mail(1), mail(2))
    first, second = await office.pipeline.tasks()
    await office.complete(first.id)

    async with office.pipeline.database.writing() as session:
        tasks = await actions.load(session, [first.id, second.id])
        await joining.merge(session, tasks[first.id], tasks[second.id], await office.acting(session))
    await office.send()

    assert [(each.task_id, each.state) for each in await office.writes() if each.mark == "done"] == [
        (first.id, "cancelled")
    ]


async def test_what_ended_long_ago_is_forgotten_but_for_what_can_still_be_taken_back(office: Office) -> None:
    await office.holds(mail(1))
    for act in (office.complete, office.reopen, office.complete):
        await act()
        await office.send()

    async with office.pipeline.database.writing() as session:
        await outbox.forget_old(session, office.pipeline.clock() + timedelta(seconds=1))

    assert [(each.mark, each.effect) for each in await office.writes()] == [("done", {"was": "open"})]
