"""What was imported from Taskwarrior stands, by the shipped ruleset, where Taskwarrior itself puts it.

The fixture is an export of Taskwarrior 2.6.2 with the urgency that it printed. Where the program is installed, it is
also asked about made-up tasks by the hundred, and about settings of its users' own.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.domains.ranking import Fact, Facts, Ruleset
from app.domains.ranking.network import Network
from app.domains.ranking.ruleset import parse, shipped
from app.domains.ranking.taskwarrior.taskrc import ruleset_from
from app.domains.tasks.models import Task, TaskDependency
from app.domains.tasks.policy import Policy
from app.domains.tasks.us import Us
from tests.taskwarrior import Attributes, Taskwarrior, needs_taskwarrior
from tests.workflows.pipeline import Pipeline

FIXTURE = Path(__file__).parent.parent / "integrations" / "taskwarrior_export.json"
EXPORTED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
APART = 0.002
"""Two lines of a sum are rounded to thousandths, and the urgency is printed with six digits."""


@dataclass(frozen=True)
class Compared:
    """Our points and Taskwarrior's urgency of the same tasks, and our order."""

    points: Mapping[str, float]
    order: Sequence[str]
    urgencies: Mapping[str, float]

    @property
    def farthest(self) -> float:
        return max(abs(self.points[uuid] - urgency) for uuid, urgency in self.urgencies.items())

    def disordered(self) -> list[tuple[str, str]]:
        """Pairs that Taskwarrior puts the other way round, except those that it holds to be equal."""
        at = self.urgencies
        return [pair for pair in combinations(self.order, 2) if at[pair[1]] - at[pair[0]] > APART]


async def compared(
    pipeline: Pipeline, export: str, now: datetime, urgencies: Mapping[str, float], ruleset: Ruleset | None = None
) -> Compared:
    """`export` is imported and ranked at `now`."""
    pipeline.clock.now = now
    pipeline.judged_by(Policy(ruleset=ruleset or shipped("taskwarrior"), us=Us()))
    path = pipeline.folder / "tasks.json"
    path.write_text(export, encoding="utf-8")
    run = await pipeline.take_file(path)
    assert (run.refused, run.warnings) == (0, 0)
    columns = (Task.rank_tier, Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
    async with pipeline.database.reading() as session:
        query = select(Task.external_id, Task.points_milli).where(Task.status == "open").order_by(*columns)
        rows = [(str(uuid), milli) for uuid, milli in await session.execute(query)]
    assert {uuid for uuid, _ in rows} == set(urgencies)
    return Compared({uuid: milli / 1000 for uuid, milli in rows}, [uuid for uuid, _ in rows], urgencies)


def fixture() -> list[Attributes]:
    found: list[Attributes] = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return found


def pending(tasks: Sequence[Attributes]) -> dict[str, float]:
    return {task["uuid"]: task["urgency"] for task in tasks if task["status"] == "pending"}


async def test_an_export_stands_in_the_order_of_its_urgency(pipeline: Pipeline) -> None:
    found = await compared(pipeline, FIXTURE.read_text("utf-8"), EXPORTED_AT, pending(fixture()))

    assert len(found.urgencies) == 66
    assert found.disordered() == []
    assert found.farthest <= 0.001


async def test_each_line_says_what_taskwarrior_counts(on_sqlite: Pipeline) -> None:
    await compared(on_sqlite, FIXTURE.read_text("utf-8"), EXPORTED_AT, pending(fixture()))

    [shop] = [task for task in await on_sqlite.tasks() if task.title == "Open the shop"]
    assert (shop.points_milli, shop.band) == (38_467, "now")
    assert shop.reasons == ["Tagged next", "Overdue since Sun 1 Mar 2026 03:00 UTC"]


async def test_only_what_is_still_to_be_done_blocks(on_sqlite: Pipeline) -> None:
    await compared(on_sqlite, FIXTURE.read_text("utf-8"), EXPORTED_AT, pending(fixture()))

    tasks = {task.title: task for task in await on_sqlite.tasks()}

    async def waits(title: str) -> tuple[Any, Any]:
        facts = await on_sqlite.facts(tasks[title].id)
        return facts["blocked"].value, facts["blocking"].value

    assert await waits("Order the doors") == (0, 1)  # both that it waited for are done or deleted
    assert await waits("Hang the doors") == (1, 1)
    assert await waits("Paint the doors") == (1, 0)  # it waits for one that is put off
    assert await waits("Book the van") == (0, 0)  # what waited for it is done


@needs_taskwarrior
def test_the_fixture_is_what_taskwarrior_prints(tmp_path: Path) -> None:
    taskwarrior = Taskwarrior(tmp_path, EXPORTED_AT)

    taskwarrior.take([{name: value for name, value in task.items() if name != "urgency"} for task in fixture()])

    there = {task["uuid"]: task["urgency"] for task in taskwarrior.exported()}
    assert there == {task["uuid"]: task["urgency"] for task in fixture()}


# ---- Made-up tasks, by the hundred, asked of the program itself.

PROJECTS = ("House", "House.Garden", "House.Garden.Trees", "Houseboat", "Shop", "a.b", "ab")
TAGS = ("next", "errand", "town", "problem", "NEXT", "heavy")
WORDS = (
    "tomorrow",
    "by Friday",
    "oven",
    "sign",
    "flour",
    "van",
    "paint",
    "invoice",
    "invoices",
    "bill",
    "shelf",
    "Nadia",
    "café",
)
TEAMS = ("Masons", "Masons & Roofers", "it's us")


def made_up(chance: random.Random, count: int, now: datetime) -> list[Attributes]:
    tasks: list[Attributes] = []
    for number in range(count):
        task = dict(_attributes(chance, now))
        task["uuid"] = str(UUID(int=chance.getrandbits(128), version=4))
        task["description"] = " ".join(chance.choices(WORDS, k=chance.randint(1, 4))) + f" {number}"
        if tasks and chance.random() < 0.2:
            task["depends"] = [each["uuid"] for each in chance.sample(tasks, min(len(tasks), chance.randint(1, 3)))]
        tasks.append(task)
    return tasks


def _attributes(chance: random.Random, now: datetime) -> Iterator[tuple[str, Any]]:
    def moment(earliest: float, latest: float) -> str:
        """Days from now; now and then a whole number of them, or this very second."""
        days = chance.choice((0, round(chance.uniform(earliest, latest)), *[chance.uniform(earliest, latest)] * 4))
        return f"{now + timedelta(seconds=round(days * 86_400)):%Y%m%dT%H%M%SZ}"

    yield "entry", moment(-500, 0)
    status = chance.choices(("pending", "completed", "deleted"), (10, 1, 1))[0]
    yield "status", status
    if status != "pending":
        yield "end", moment(-5, 0)
    dates = (("due", -12, 18), ("due", -90, 400), ("scheduled", -9, 9), ("wait", -9, 9), ("start", -9, 0))
    for name, earliest, latest in dates:
        if chance.random() < 0.3:
            yield name, moment(earliest, latest)
    if chance.random() < 0.5:
        yield "priority", chance.choice("HMLC")
    if chance.random() < 0.4:
        yield "project", chance.choice(PROJECTS)
    if chance.random() < 0.5:
        yield "tags", chance.sample(TAGS, chance.randint(1, 4))
    if chance.random() < 0.4:
        notes = range(chance.randint(1, 4))
        yield "annotations", [{"entry": moment(-9, 0)[:-3] + f"{n:02}Z", "description": f"note {n}"} for n in notes]
    if chance.random() < 0.3:
        yield "estimate", chance.choice((1, 2.5, 40))
    if chance.random() < 0.3:
        yield "team", chance.choice(TEAMS)
    if chance.random() < 0.1:
        yield "ticket", "OPS-7"


@pytest.fixture
def made(tmp_path: Path) -> tuple[datetime, list[Attributes]]:
    now = datetime(2026, 6, 17, 13, 37, 11, tzinfo=UTC)
    return now, made_up(random.Random(7), 250, now)  # noqa: S311 - made-up data


@needs_taskwarrior
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_made_up_tasks_stand_as_task_next_lists_them(on_sqlite: Pipeline, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - made-up data
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(400 * 86_400))
    taskwarrior = Taskwarrior(on_sqlite.folder / "there", now)
    taskwarrior.take(made_up(chance, 250, now))

    found = await compared(on_sqlite, taskwarrior.export(), now, taskwarrior.urgencies())

    assert len(found.urgencies) > 180
    assert found.farthest <= 0.001
    assert found.disordered() == []
    listed = taskwarrior.next()
    assert len(listed) > 150
    place = {uuid: at for at, uuid in enumerate(found.order)}
    swapped = [(a, b) for a, b in combinations(listed, 2) if place[a] > place[b]]
    assert all(abs(found.urgencies[a] - found.urgencies[b]) <= APART for a, b in swapped)


COEFFICIENTS = {
    "an rc file without any": "",
    "changed terms": """
        urgency.due.coefficient=10.5
        urgency.age.coefficient = -1.25   # the older, the less
        urgency.blocking.coefficient=3
        urgency.blocked.coefficient=-1.5
        urgency.scheduled.coefficient=0.75
        urgency.waiting.coefficient=-7
        urgency.active.coefficient=1e1
        urgency.tags.coefficient=2
        urgency.annotations.coefficient=-3
        urgency.project.coefficient=+.5
        urgency.uda.priority.H.coefficient=9
        urgency.uda.priority.M.coefficient=5
        urgency.uda.priority.L.coefficient=-2
        urgency.user.tag.next.coefficient=4
    """,
    "terms left out": """
        urgency.due.coefficient=0
        urgency.tags.coefficient=
        urgency.user.tag.next.coefficient=0.0
        urgency.uda.priority.M.coefficient=0
    """,
    "an age of 30 days": "urgency.age.max=30\nurgency.age.coefficient=5",
    "every age alike": "urgency.age.max=0",
    "an own age without it": "urgency.age.max=90\nurgency.age.coefficient=0",
    "projects": """
        urgency.user.project.House.coefficient=2.5
        urgency.user.project.House.Garden.coefficient=-4.125
        urgency.user.project.a.coefficient=1
        urgency.user.project.a.b.coefficient=7
    """,
    "tags": """
        urgency.user.tag.problem.coefficient=4.5
        urgency.user.tag.NEXT.coefficient=-2
        urgency.user.tag.nothing.coefficient=100
        urgency.user.tag.BLOCKED.coefficient=1.1
        urgency.user.tag.BLOCKING.coefficient=1.2
        urgency.user.tag.UNBLOCKED.coefficient=1.3
        urgency.user.tag.ACTIVE.coefficient=1.4
        urgency.user.tag.SCHEDULED.coefficient=1.5
        urgency.user.tag.ANNOTATED.coefficient=1.6
        urgency.user.tag.PRIORITY.coefficient=1.7
        urgency.user.tag.PROJECT.coefficient=1.8
        urgency.user.tag.TAGGED.coefficient=1.9
        urgency.user.tag.OVERDUE.coefficient=2.1
        urgency.user.tag.WAITING.coefficient=2.2
    """,
    "keywords": """
        urgency.user.keyword.invoice.coefficient=1.5
        urgency.user.keyword.oven sign.coefficient=3
        urgency.user.keyword.café.coefficient=-2
        urgency.user.keyword.nadia.coefficient=9
    """,
    "attributes of their own": """
        urgency.uda.estimate.coefficient=0.5
        urgency.uda.team.coefficient=-1
        urgency.uda.team.Masons.coefficient=2
        urgency.uda.team.Masons & Roofers.coefficient=4
        urgency.uda.team.it's us.coefficient=8
        urgency.uda.team..coefficient=0.25
        urgency.uda.ticket.OPS-7.coefficient=3
        urgency.uda.ticket.coefficient=0.125
        urgency.uda.priority.C.coefficient=11
        urgency.uda.priority.coefficient=0.3
        urgency.uda.priority..coefficient=0.7
        urgency.uda.project.coefficient=0.2
        urgency.uda.project.House.coefficient=6
        urgency.uda.due.coefficient=0.1
        urgency.uda.tags.coefficient=0.05
    """,
}


@needs_taskwarrior
@pytest.mark.parametrize("settings", COEFFICIENTS.values(), ids=COEFFICIENTS.keys())
async def test_a_person_s_own_coefficients_rank_as_in_taskwarrior(
    on_sqlite: Pipeline, made: tuple[datetime, list[Attributes]], settings: str
) -> None:
    now, tasks = made
    taskwarrior = Taskwarrior(on_sqlite.folder / "there", now, settings)
    taskwarrior.take(tasks)

    document, warnings = ruleset_from(taskwarrior.taskrc.read_text("utf-8"))
    found = await compared(on_sqlite, taskwarrior.export(), now, taskwarrior.urgencies(), parse(document))

    assert warnings == []
    assert found.farthest <= 0.0015  # a coefficient without a middle in thousandths adds half a one
    assert found.disordered() == []


@needs_taskwarrior
@pytest.mark.parametrize("settings", ["", "urgency.blocking.coefficient=0\nurgency.blocked.coefficient=0"])
async def test_inherited_urgency_ranks_as_in_taskwarrior(
    on_sqlite: Pipeline, made: tuple[datetime, list[Attributes]], settings: str
) -> None:
    now, tasks = made
    taskwarrior = Taskwarrior(on_sqlite.folder / "there", now, f"urgency.inherit=on\n{settings}")
    taskwarrior.take(tasks)
    ruleset = parse(ruleset_from(taskwarrior.taskrc.read_text("utf-8"))[0])
    urgencies = taskwarrior.urgencies()

    await compared(on_sqlite, taskwarrior.export(), now, urgencies, ruleset)
    network = Network(await _facts_of_open_tasks(on_sqlite), ruleset)

    uuids = {task.id: str(task.external_id) for task in await on_sqlite.tasks() if task.status == "open"}
    apart = {uuid: abs(float(network.score(id_, now).points) - urgencies[uuid]) for id_, uuid in uuids.items()}
    assert max(apart.values()) <= 0.001


async def _facts_of_open_tasks(pipeline: Pipeline) -> dict[int, Facts]:
    """With the ids of those that wait for them."""
    facts = {task.id: await pipeline.facts(task.id) for task in await pipeline.tasks() if task.status == "open"}
    waiting: dict[int, list[str]] = {id_: [] for id_ in facts}
    async with pipeline.database.reading() as session:
        for waits, needed in await session.execute(select(TaskDependency.task_id, TaskDependency.depends_on)):
            if waits in facts and needed in facts:
                waiting[needed].append(str(waits))
    return {id_: known | {"blocks": Fact(value=tuple(waiting[id_]))} for id_, known in facts.items()}
