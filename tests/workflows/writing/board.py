"""A source that can be told how tasks stand, and does what a test has written down; and the office that uses it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domains import connections
from app.domains.connections.holding_back import held_back
from app.domains.connections.models import Integration
from app.domains.tasks import actions, restoring, rules
from app.domains.tasks.actions import Acting
from app.domains.tasks.models import Task
from app.domains.tasks.rules import Plan
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.schemas import WriteOut
from app.domains.tasks.writes.views import write_out
from app.integrations.writing import Mark, Write, Writing, Written
from app.records import Item, Person
from app.workflows.writing.sending import Sender
from tests.conftest import START
from tests.workflows.pipeline import Pipeline
from tests.workflows.sync.scripted import Pulling, page

DELAY = timedelta(seconds=5)


@dataclass
class Board:
    """What the source shows of each thing; each write does the next step of the script before anything else."""

    shows: dict[str, str] = field(default_factory=dict)
    """By external id; «open» where nothing was told."""
    script: list[Exception | Callable[[Write], Any]] = field(default_factory=list)
    seen: list[Write] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)

    def writes(self, _settings: Any, mark: Mark, _before: Mark, /) -> bool:
        return mark != "waiting"

    async def write(self, write: Write, /) -> Written:
        self.seen.append(write)
        own = write.targets[0].external_id
        await self._next(write)
        if self.shows.get(own, "open") == write.mark:
            return Written(outcome="already", detail="It was so.", effect=write.effect)
        was = write.effect.get("was", self.shows.get(own, "open"))
        effect = {} if write.mark == "open" else {"was": was}
        await write.plan(effect or write.effect)
        await self._next(write)
        self.shows[own] = write.mark
        self.changes.append((own, write.mark))
        await self._next(write)
        return Written(outcome="done", detail=f"It shows {write.mark} now.", effect=effect)

    async def _next(self, write: Write) -> None:
        if not self.script:
            return
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        if (waited := step(write)) is not None:
            await waited


def nothing(_write: Write) -> None:
    """A step at which nothing goes wrong."""


def mail(number: int, *, to: int | None = None, sender: Person | None = None) -> Item:
    """A mail to us, or an answer to another one."""
    keys = (f"<{number}@client.example>", *([f"<{to}@client.example>"] if to else []))
    who = sender or Person("Anna", "anna@client.example")
    return Item(
        external_id=f"m{number}",
        sent_at=START - timedelta(hours=1) + timedelta(minutes=30 * number),
        sender=who,
        subject=f"{'Re: ' if to else ''}The invoice {to or number}",
        text="Could you send the invoice by Friday?",
        keys=keys,
        is_reply=to is not None,
    )


@dataclass
class Office:
    """People who work on tasks, and what their source is told of it."""

    pipeline: Pipeline
    board: Board = field(default_factory=Board)
    pulling: Pulling = field(init=False)

    def __post_init__(self) -> None:
        writing = Writing(writer=lambda: self.board, tools=(), says=("What is done is shown.",), scopes={})
        self.pulling = Pulling(self.pipeline, writing=writing)

    async def holds(self, *items: Item, write_back: bool = True, name: str = "ours") -> int:
        """An integration that has been pulled, and is told from now on."""
        place = await self.pulling.configured(name)
        await self.pulling.asked(place, page(1, *items, done=True))
        await self.configure(place, write_back=write_back)
        return place

    async def configure(self, place: int, **values: Any) -> None:
        async with self.pipeline.database.writing() as session:
            integration = await session.get(Integration, place)
            assert integration is not None
            for name, value in values.items():
                setattr(integration, name, value)

    async def acting(self, session: Any) -> Acting:
        names = await connections.service.names(session)
        return Acting(policy=self.pipeline.work.policy, now=self.pipeline.clock(), integrations=names)

    async def do(self, verb: str, plan: Plan, task_id: int | None = None) -> str:
        """What a person does with a task, by default the only one; returns the token that takes it back."""
        task_id = task_id or (await self.pipeline.task()).id
        async with self.pipeline.database.writing() as session:
            tasks = await actions.load(session, [task_id])
            acting = await self.acting(session)
            taken = await actions.apply(session, verb, {task_id: plan(tasks[task_id])}, tasks, acting)
        return taken.token

    async def complete(self, task_id: int | None = None) -> str:
        return await self.do("complete", rules.complete, task_id)

    async def reopen(self) -> str:
        return await self.do("reopen", rules.reopen)

    async def do_reopen(self, task_id: int) -> str:
        return await self.do("reopen", rules.reopen, task_id)

    async def snooze(self) -> str:
        return await self.do("snooze", rules.snooze(self.pipeline.clock() + timedelta(days=1), self.pipeline.clock()))

    async def undo(self, token: str) -> None:
        async with self.pipeline.database.writing() as session:
            await restoring.take_back(session, token, await self.acting(session))

    def sender(self, **given: Any) -> Sender:
        return Sender(self.pulling.syncing(), delay=DELAY, **given)

    async def send(self, after: timedelta = DELAY) -> None:
        """Let so much time pass, and send what is due then, until nothing is."""
        self.pipeline.clock.advance(after)
        sender = self.sender()
        while await sender.send_due():
            await sender.settle()

    async def writes(self) -> Sequence[TaskWrite]:
        async with self.pipeline.database.reading() as session:
            return (await session.execute(select(TaskWrite).order_by(TaskWrite.id))).scalars().all()

    async def states(self) -> list[tuple[str, str]]:
        return [(each.mark, each.state) for each in await self.writes()]

    async def write(self) -> TaskWrite:
        """The only one."""
        (found,) = await self.writes()
        return found

    async def shown(self) -> WriteOut:
        """The only one, as the API shows it."""
        async with self.pipeline.database.reading() as session:
            names, waits = await connections.service.names(session), await held_back(session)
        return write_out(await self.write(), names, waits)

    async def task(self) -> Task:
        return await self.pipeline.task()
