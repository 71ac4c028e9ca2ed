"""Who is told when, and what is remembered of what was tried: none waits for another, nothing of ours is forgotten."""

import asyncio
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.core.errors import Conflict, Rejected, Throttled, TimedOut, Unreachable
from app.core.events import Event
from app.domains.tasks.models import Task
from app.domains.tasks.writes import outbox
from app.integrations.writing import Mark, Write, Written
from tests.workflows.pipeline import eventually
from tests.workflows.writing.board import DELAY, Board, Office, mail, nothing

AWAY = Unreachable("Scripted does not answer.", service="Scripted")


class Indifferent(Board):
    """As most kinds do: an open task of which nothing of ours stands asks for nothing."""

    def writes(self, _settings: Any, mark: Mark, before: Mark, /) -> bool:
        return mark == "done" or before == "done"

    async def write(self, write: Write, /) -> Written:
        if write.mark == "open" and not write.effect:
            self.seen.append(write)
            return Written(outcome="nothing")
        return await super().write(write)


def use(office: Office, board: Board) -> Office:
    office.board = board
    office.__post_init__()
    return office


async def cancel(office: Office) -> None:
    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, (await office.write()).id)
        await outbox.cancel(session, write, now=office.pipeline.clock())


async def test_what_was_refused_halfway_is_put_back_when_it_is_undone(office: Office) -> None:
    use(office, Indifferent())
    await office.holds(mail(1))
    office.board.shows["m1"] = "in the inbox"
    token = await office.complete()
    office.board.script = [nothing, nothing, Rejected("The second message is refused.")]
    await office.send()

    await office.undo(token)
    await office.send()

    assert office.board.changes == [("m1", "done"), ("m1", "open")]


async def test_so_is_what_happened_unheard_and_a_person_left_out(office: Office) -> None:
    use(office, Indifferent())
    await office.holds(mail(1))
    token = await office.complete()
    office.board.script = [nothing, nothing, TimedOut("It took too long.")]
    await office.send()
    await cancel(office)

    await office.undo(token)
    await office.send()

    assert office.board.changes == [("m1", "done"), ("m1", "open")]


async def test_what_happened_unheard_is_put_back_although_the_kind_tells_nobody_of_open_tasks(office: Office) -> None:
    use(office, Indifferent())
    await office.holds(mail(1))
    token = await office.complete()
    office.board.script = [nothing, nothing, TimedOut("It took too long.")]
    await office.send()

    await office.undo(token)
    await office.send(after=timedelta(minutes=1))

    assert office.board.shows["m1"] == "open"


async def test_what_was_refused_is_over_once_the_task_changes(office: Office) -> None:
    use(office, Indifferent())
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [Rejected("It lacks a scope.")]
    await office.send()
    refused = await office.write()

    await office.reopen()
    await office.send()

    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, refused.id)
        with pytest.raises(Conflict):
            await outbox.retry(session, write, overwrite=False, now=office.pipeline.clock())
    assert await office.states() == [("done", "cancelled")]
    assert office.board.changes == []


async def test_what_was_refused_and_is_done_again_is_told(office: Office) -> None:
    use(office, Indifferent())
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [Rejected("It lacks a scope.")]
    await office.send()

    await office.reopen()
    await office.complete()
    await office.send()

    assert office.board.changes == [("m1", "done")]


async def test_only_what_met_a_conflict_is_written_over(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [Rejected("It lacks a scope.")]
    await office.send()

    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, (await office.write()).id)
        with pytest.raises(Conflict, match="no conflict"):
            await outbox.retry(session, write, overwrite=True, now=office.pipeline.clock())


async def test_all_that_was_refused_at_one_integration_is_tried_again_at_once(office: Office) -> None:
    place = await office.holds(mail(1), mail(2), mail(3))
    tasks = await office.pipeline.tasks()
    for task in tasks:
        await office.complete(task.id)
    office.board.script = [Rejected("It lacks a scope.")] * 3
    await office.send()
    await office.do_reopen(tasks[2].id)

    async with office.pipeline.database.writing() as session:
        again = await outbox.retry_all(session, place, now=office.pipeline.clock())
    await office.send()

    assert again == 2
    assert sorted(office.board.changes) == [("m1", "done"), ("m2", "done")]


async def test_the_hours_until_it_is_given_up_are_counted_from_the_first_try(office: Office) -> None:
    place = await office.holds(mail(1))
    await office.complete()
    await office.configure(place, paused=True)
    office.pipeline.clock.advance(days=2)
    await office.configure(place, paused=False)
    office.board.script = [Throttled("Slow down.", retry_after_s=2, happened=False)]

    await office.send()

    assert (await office.write()).state == "pending"


async def test_after_a_retry_the_waits_are_short_again(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    office.board.script = [*[AWAY] * 6, Rejected("No.")]
    for _ in range(7):
        await office.send(after=timedelta(minutes=20))
    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, (await office.write()).id)
        await outbox.retry(session, write, overwrite=False, now=office.pipeline.clock())
    office.board.script = [AWAY]

    await office.send()

    assert (await office.write()).due_at == office.pipeline.clock() + timedelta(seconds=15)


async def test_what_waits_for_a_paused_integration_disturbs_nobody(office: Office) -> None:
    place = await office.holds(*(mail(number) for number in range(1, 11)))
    for task in await office.pipeline.tasks():
        await office.complete(task.id)
    await office.configure(place, paused=True)

    async def disturbed() -> tuple[int, int]:
        async with office.pipeline.database.reading() as session:
            events = (await session.execute(select(func.count()).select_from(Event))).scalar_one()
            return events, (await session.execute(select(func.sum(Task.score_revision)))).scalar_one()

    before = await disturbed()
    for _ in range(5):
        await office.send(after=timedelta(minutes=1))

    assert await disturbed() == before


class Hanging(Board):
    """All hang but one."""

    free: str = ""

    async def write(self, write: Write, /) -> Written:
        if write.targets[0].external_id != self.free:
            await asyncio.Event().wait()
        return await super().write(write)


async def test_a_source_that_hangs_keeps_no_other_waiting(office: Office) -> None:
    board = Hanging()
    board.free = "m50"
    use(office, board)
    await office.holds(*(mail(number) for number in range(1, 25)))
    await office.holds(mail(50), name="theirs")
    for task in await office.pipeline.tasks():
        await office.complete(task.id)
    office.pipeline.clock.advance(DELAY)
    sender = office.sender()

    async def one_is_told() -> bool:
        return ("done", "done") in await office.states()

    await sender.send_due()
    await eventually(one_is_told)

    assert board.changes == [("m50", "done")]
    await sender.stop()
    assert {state for mark, state in await office.states()} == {"pending", "done"}


async def test_a_stop_gives_back_the_rest_although_one_of_them_is_gone(office: Office) -> None:
    use(office, Indifferent())
    place = await office.holds(mail(1), mail(2))
    inside = asyncio.Event()

    def hang(_write: Write) -> Any:
        inside.set()
        return asyncio.Event().wait()

    for task in await office.pipeline.tasks():
        await office.complete(task.id)
    office.board.script = [hang, hang]
    office.pipeline.clock.advance(DELAY)
    sender = office.sender()
    await sender.send_due()
    await inside.wait()
    first, second = await office.writes()
    async with office.pipeline.database.writing() as session:
        await session.delete(await outbox.get(session, first.id))

    await sender.stop()

    assert [(each.id, each.state, each.owner) for each in await office.writes()] == [(second.id, "pending", None)]
    assert place


async def test_that_another_process_went_on_is_no_defect(
    office: Office, logged: list[MutableMapping[str, Any]]
) -> None:
    await office.holds(mail(1))
    await office.complete()

    async def stolen() -> None:
        async with office.pipeline.database.writing() as session:
            await session.execute(text("UPDATE task_writes SET owner = 'other'"))

    office.board.script = [lambda _write: stolen()]
    await office.send()

    assert [entry for entry in logged if entry["log_level"] == "error"] == []
    assert office.board.changes == []


async def test_a_change_back_while_nothing_could_be_sent_leaves_nothing_to_tell(office: Office) -> None:
    await office.holds(mail(1))
    await office.complete()
    async with office.pipeline.database.writing() as session:
        write = await outbox.locked(session, (await office.write()).id)
        write.state, write.owner, write.attempts = "sending", "somebody", 1
    await office.reopen()
    async with office.pipeline.database.writing() as session:
        sending = await outbox.held(session, write.id, "somebody")
        assert sending is not None
        now = office.pipeline.clock()
        await outbox.put_off(session, sending, "Not yet.", now=now, until=now, tried=False)
    over = await office.states()

    await office.complete()
    await office.send()

    assert over == [("done", "cancelled"), ("open", "cancelled")]
    assert all(each.ended_at for each in (await office.writes())[:2])
    assert office.board.changes == [("m1", "done")]


async def test_switching_off_during_a_bulk_waits_for_nobody(on_postgres: Office) -> None:
    office = on_postgres
    place = await office.holds(*(mail(number) for number in range(1, 41)))

    async def bulk() -> None:
        for task in await office.pipeline.tasks():
            await office.complete(task.id)

    async def switched() -> None:
        for on in (False, True) * 10:
            await office.configure(place, write_back=on)
            await asyncio.sleep(0.01)

    async with asyncio.timeout(20):
        await asyncio.gather(bulk(), switched())
    await office.send()

    assert {state for _, state in await office.states()} <= {"done", "cancelled"}
