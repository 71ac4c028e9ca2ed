"""Whatever is done in whatever order: what is stored, what is explained and what would be derived afresh are one."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.core.database import Database
from app.core.errors import Problem
from app.domains import rulesets
from app.domains.connections import service as connections
from app.domains.ranking.ruleset import shipped_text
from app.domains.tasks import actions, explaining, joining, restoring, rules
from app.domains.tasks.actions import Acting
from app.domains.tasks.belongings import dependencies_of
from app.domains.tasks.locking import lock_placing
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.rules import Plan
from app.workflows import seeding
from tests.conftest import SettableClock
from tests.workflows.mailbox import ANNA, BEN, US, answer, mail
from tests.workflows.pipeline import Pipeline
from tests.workflows.test_replaying import due, explained, written

DEFAULT = shipped_text("default")
INHERIT = DEFAULT[DEFAULT.index("[inherit]") : DEFAULT.index("\n", DEFAULT.index("without ="))]


def with_rule(id: str, old: str, new: str) -> str:
    """The default ruleset with something else in one rule."""
    start = DEFAULT.index(f'id = "{id}"')
    at = DEFAULT.index(old, start)
    return DEFAULT[:at] + new + DEFAULT[at + len(old) :]


def with_first_rule_last() -> str:
    head, *blocks = DEFAULT.split("[[rules]]")
    last, bar, rest = blocks[-1].partition("\n[")
    return "[[rules]]".join([head, *blocks[1:-1], f"{last}\n", f"{blocks[0].rstrip()}\n{bar}{rest}"])


TEXTS: Sequence[str] = (
    DEFAULT,
    with_rule("priority-high", "points = 12", "points = 3"),
    with_rule("priority-high", 'group = "marks"', 'group = "wording"'),
    with_rule("asks", 'group = "wording"', 'group = "marks"'),
    DEFAULT.replace("now = 70", "now = 41"),
    DEFAULT.replace(INHERIT, ""),
    DEFAULT.replace("share = 0.2", "share = 0.5"),
    with_first_rule_last(),
)
PRIORITIES = (None, "low", "high", "urgent")
WORDS = (
    "Could you please sign it by 6 March?",
    "It is urgent, the server is down! Please help today.",
    "Thank you, that is all.",
    "What do you think?",
)
VERBS = (
    *("mail", "mail", "answer", "mark", "label", "name", "deadline", "wait", "wait", "wait", "let go", "complete"),
    *("reopen", "snooze", "delete", "merge", "undo", "activate", "activate", "move on", "move on", "round"),
)
Step = tuple[str, int, int]


class Life:
    """One database to which things happen, and what was said of its tasks as they did."""

    def __init__(self, pipeline: Pipeline, clock: SettableClock) -> None:
        self.pipeline, self.clock = pipeline, clock
        self.said: list[tuple[datetime, int, str]] = []
        self._tokens: list[str] = []

    async def do(self, step: Step) -> None:
        """Carry out a step on one of the tasks, as far as it is allowed, and note what is said of all."""
        verb, which, how = step
        self.clock.advance(seconds=1, microseconds=137_001)
        living = await self.pipeline.tasks()
        with suppress(Problem):  # refused, as a circle is: then nothing happened
            await self._carry_out(verb, living, which, how)
        for task in await self.pipeline.tasks():
            found = await explained(self.pipeline, task.id)
            self.said.append((self.clock(), task.id, written(found)))

    async def _carry_out(self, verb: str, living: Sequence[Task], which: int, how: int) -> None:
        if verb == "mail" or not living:
            await self._mail(how)
        elif verb == "move on":
            self.clock.advance(minutes=(1, 50, 700, 4_000)[how % 4], microseconds=1 + which)
        elif verb == "round":
            await due(self.pipeline)
        elif verb == "activate":
            await self._activate(TEXTS[(which + how) % len(TEXTS)])
        elif verb == "undo":
            await self._undo()
        else:
            task, other = living[which % len(living)], living[(which + 1 + how % max(len(living) - 1, 1)) % len(living)]
            if verb == "answer":
                await self._answer(task, how)
            elif verb == "merge":
                await self._merge(task, other)
            else:
                plan = await self._plan(verb, task, other, how)
                name = "edit" if verb in EDITS else verb
                await self._act(task.id, name, plan)

    async def _mail(self, how: int) -> None:
        n = len(await self.pipeline.items()) + 1
        words: dict[str, Any] = {"subject": f"Matter number {n}", "at": self._now(), "sender": (ANNA, BEN)[how % 2]}
        await self.pipeline.take(mail(WORDS[how % 4], id=f"m{n}@x.example", **words))

    async def _answer(self, task: Task, how: int) -> None:
        n = len(await self.pipeline.items()) + 1
        first = (await self.pipeline.items(task.id))[0]
        sender, to = ((US, ANNA), (ANNA, US))[how % 2]
        words: dict[str, Any] = {"subject": f"Re: {first.subject}", "at": self._now(), "sender": sender, "to": to}
        await self.pipeline.take(answer(first.external_id, WORDS[(how + n) % 4], id=f"m{n}@x.example", **words))

    def _now(self) -> str:
        return self.clock().replace(microsecond=0, tzinfo=None).isoformat()

    async def _acting(self, session: Any) -> Acting:
        policy = await self.pipeline.work.judge.policy(session)
        return Acting(policy=policy, now=self.clock(), integrations=await connections.names(session))

    async def _plan(self, verb: str, task: Task, other: Task, how: int) -> Plan:
        plans: Mapping[str, Callable[[], Plan]] = {
            "mark": lambda: rules.edit({"priority": PRIORITIES[how % 4]}),
            "name": lambda: rules.edit({"title": f"A matter called {how}"}),
            "label": lambda: rules.edit({}, ["parked", "billing", "waiting"][: how % 4]),
            "deadline": lambda: rules.edit({"due_at": None if how == 0 else self.clock() + timedelta(hours=9 * how)}),
            "complete": lambda: rules.complete,
            "reopen": lambda: rules.reopen,
            "snooze": lambda: rules.snooze(self.clock() + timedelta(hours=1 + how), self.clock()),
            "delete": lambda: rules.remove,
        }
        if verb in plans:
            return plans[verb]()
        async with self.pipeline.database.reading() as session:
            present = (await dependencies_of(session, [task.id], deleted_too=False)).get(task.id, [])
        wanted = [*present, other.id] if verb == "wait" else present[how % 2 :][:1] if how % 3 else []
        return rules.edit({}, None, wanted)

    async def _act(self, task_id: int, verb: str, plan: Plan) -> None:
        async with self.pipeline.database.writing() as session:
            acting = await self._acting(session)
            await lock_placing(session)
            tasks = await actions.load(session, [task_id])
            taken = await actions.apply(session, verb, {task_id: plan(tasks[task_id])}, tasks, acting)
        self._tokens.append(taken.token)

    async def _merge(self, source: Task, target: Task) -> None:
        async with self.pipeline.database.writing() as session:
            acting = await self._acting(session)
            await lock_placing(session)
            tasks = await actions.load(session, [source.id, target.id])
            taken = await joining.merge(session, tasks[source.id], tasks[target.id], acting)
        self._tokens.append(taken.token)

    async def _undo(self) -> None:
        if self._tokens:
            async with self.pipeline.database.writing() as session:
                await restoring.take_back(session, self._tokens.pop(), await self._acting(session))

    async def _activate(self, text: str) -> None:
        async with self.pipeline.database.writing() as session:
            now = self.clock()
            saved = await rulesets.service.save(session, "default", text, author="ana", now=now)
            await rulesets.service.activate(session, saved.row, actor="ana", now=now)

    async def open_tasks(self) -> list[Task]:
        return [task for task in await self.pipeline.tasks() if task.status == "open"]

    async def facts(self) -> dict[int, Any]:
        async with self.pipeline.database.reading() as session:
            rows = await session.execute(select(TaskFacts.task_id, TaskFacts.facts))
            known = {row.task_id: row.facts for row in rows}
        return {task.id: known[task.id] for task in await self.pipeline.tasks()}


EDITS = ("mark", "name", "label", "deadline", "wait", "let go")


def shown(task: Task) -> tuple[Any, ...]:
    return task.id, task.points_milli, task.tier, task.band, task.reasons


async def check_explanations(life: Life) -> None:
    """What is stored is what an explanation says as of when it was scored."""
    async with life.pipeline.database.reading() as session:
        policy = await life.pipeline.work.judge.policy(session)
        names = await connections.names(session)
        for task in await life.open_tasks():
            found = await explaining.explain(
                session,
                task,
                policy,
                now=life.clock(),
                integrations=names,
                at=task.scored_at,
                ruleset=policy.ruleset,
            )
            score = found.score
            said = (task.id, score.milli, score.tier, score.band, list(score.reasons))
            assert (*shown(task), task.valid_until) == (*said, score.valid_until)


async def check_fresh_derivation(life: Life) -> None:
    """Deriving everything again finds what is stored; what is closed keeps its score as time goes on."""
    before = [shown(task) for task in await life.open_tasks()], await life.facts()
    async with life.pipeline.database.writing() as session:
        await session.execute(update(Task).where(Task.deleted_at.is_(None)).values(derived_with=""))
    await due(life.pipeline)

    after = [shown(task) for task in await life.open_tasks()], await life.facts()
    assert after == before


async def check_replays(life: Life) -> None:
    """All that was said is said again, to the byte."""
    living = {task.id for task in await life.pipeline.tasks()}
    life.clock.advance(seconds=2)
    for at, task_id, said in life.said:
        if task_id in living:
            found = await explained(life.pipeline, task_id, at.replace(microsecond=0))
            assert (found.basis, written(found)) == ("recorded", said)


async def live(life: Life, steps: Sequence[Step]) -> None:
    for step in steps:
        await life.do(step)
    life.clock.advance(seconds=1, microseconds=1)
    await due(life.pipeline)
    await check_explanations(life)
    await check_fresh_derivation(life)
    await check_replays(life)


a_step = st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 7))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(a_step, min_size=4, max_size=12))
def test_what_is_stored_explained_and_derived_is_one(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    folder = tmp_path_factory.mktemp("life")
    shutil.copyfile(begun, folder / "life.db")

    asyncio.run(lived(folder, lambda life: live(life, steps)))


async def lived(folder: Path, work: Callable[[Life], Awaitable[None]], *, minute: int = 1) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder / 'life.db'}")
    try:
        clock = SettableClock()
        clock.advance(minutes=minute, microseconds=301)
        await work(Life(Pipeline(database, clock, folder), clock))
    finally:
        await database.close()


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every life begins: the shipped rulesets are stored, and three messages have come."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copyfile(sqlite_template, folder / "life.db")

    async def begin(life: Life) -> None:
        await seeding.seed(life.pipeline.database, now=life.clock())
        for how in range(3):
            await life.do(("mail", 0, how))

    asyncio.run(lived(folder, begin, minute=0))
    return folder / "life.db"
