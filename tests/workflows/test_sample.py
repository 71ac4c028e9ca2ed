"""The sample company tells a story, and the queue must tell it too: whenever it is told, what matters stands above.

Times of the story count from the moment it is told at, so it is told on a Monday morning, on a Friday evening, on a
Sunday and at the end of a month. See docs/sample-data.md.
"""

import asyncio
import json
import re
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.core.database import Database
from app.domains import connections
from app.domains.connections.models import Integration, SampleLoad, SyncRun
from app.domains.people.models import Identity, KnownPerson
from app.domains.tasks.models import StoredItem, Task
from app.workflows import importing
from app.workflows.jobs import Jobs
from app.workflows.sample import clearing, loading, story
from app.workflows.sample.build import build, exports
from app.workflows.sample.times import Calendar
from tests.conftest import SettableClock
from tests.workflows.pipeline import Pipeline, policy, totals

WEST, EAST = timezone(timedelta(hours=-5)), timezone(timedelta(hours=1))
TUESDAY_NOON = datetime(2026, 11, 17, 12, 40, tzinfo=EAST)
TIMES = {
    "a Tuesday at noon": TUESDAY_NOON,
    "a Monday morning": datetime(2026, 3, 2, 8, 5, tzinfo=EAST),
    "a Friday evening": datetime(2026, 6, 5, 19, 30, tzinfo=WEST),
    "a Sunday": datetime(2026, 8, 16, 11, 0, tzinfo=UTC),
    "the end of a month": datetime(2026, 9, 30, 16, 20, tzinfo=EAST),
    "the last night of a year": datetime(2026, 12, 31, 23, 58, tzinfo=EAST),
}
at_any_time = pytest.mark.parametrize("now", TIMES.values(), ids=TIMES)

OUTAGE = "Outage: production ingest for region north is down"
ESCALATION = "No temperature readings from any of our sites"
AGREEMENT = "Signed master agreement"
BOARD_DECK = "Board deck: your pages"
RENEWAL = "Renewal of our service agreement"
OVERTIME = "Overtime list"
GDPR = "Request for access to my data"
BATTERIES = "Batteries of batch B-114"
CERTIFICATES = "Renew the sign-in certificates"

PRESSING = (OUTAGE, ESCALATION, AGREEMENT, BOARD_DECK, RENEWAL, OVERTIME, GDPR, BATTERIES, CERTIFICATES)
"""What a person would look at today."""
WAITING_FOR_OTHERS = (
    "Invoice 1187",
    "Quarterly review with Northgate",
    "Claim 55-2093",
    "Slides for the Northgate review",
)
NO_HURRY = ("Hiring plan", "Weekly report as CSV?", "Dark mode for the dashboard", "Sticker sheet for the fair")
SETTLED = (
    "Three more users",
    "Expenses of the Saint Alba trip",
    "Where do I find last year's report",
    "Probe that survives cleaning",
    "Documents for the quarter",
    "Key for the server cupboard",
)
SET_ASIDE = {
    "The Cold Chain Brief: urgent lessons from a heat wave": "newsletter",
    "This week: the outage that emptied a thousand shelves": "newsletter",
    "Last chance: 30 % off ends tonight": "newsletter",
    "Receipt for your order 20417": "program",
    "Invitation: Board rehearsal": "calendar",
    "Undelivered Mail Returned to Sender": "delivery report",
    "Automatic reply: Invoice 1187": "automatic reply",
    "[P1] Ingest: no readings accepted from region north": "program",
    "URGENT transfer of funds, answer today": "spam",
    "Your printer misses you": "trash",
    "Thoughts on the hiring plan": "draft",
}
"""Titles of what asks for no work of ours, and a word of the reason."""


@dataclass(frozen=True)
class Queue:
    """All tasks, best first, and what came in."""

    tasks: list[Task]
    runs: list[SyncRun]

    @property
    def open(self) -> list[Task]:
        return [task for task in self.tasks if task.status == "open"]

    def find(self, title: str) -> Task:
        """The task whose title begins so."""
        return next(task for task in self.tasks if task.title.startswith(title))

    def place(self, title: str) -> int:
        """Of the best open task whose title begins so, from 0."""
        return next(place for place, task in enumerate(self.open) if task.title.startswith(title))


Tell = Callable[[datetime], Awaitable[Queue]]

_TOLD: dict[datetime, Queue] = {}
"""Queues that were made before: the same at the same time, as a test below shows."""


@pytest.fixture
def tell(sqlite_database: Database, tmp_path: Path) -> Tell:
    """Loads the sample into an empty database as a first start does, and gives the queue; once for each time."""

    async def tell(now: datetime) -> Queue:
        if now not in _TOLD:
            _TOLD[now] = await told(sqlite_database, tmp_path, now)
        return _TOLD[now]

    return tell


async def told(database: Database, folder: Path, now: datetime) -> Queue:
    """The queue of an empty database after its first start."""
    jobs = jobs_on(database, now)
    assert await loading.load_at_first_start(database, folder / "uploads", now)
    return await queue_after(database, jobs)


def jobs_on(database: Database, now: datetime) -> Jobs:
    work = importing.Importing(database, policy(), SettableClock(now.astimezone(UTC)))
    return Jobs(work, every_s=60, batch=1000)


async def queue_after(database: Database, jobs: Jobs) -> Queue:
    """Carry out what waits, then look."""
    while await jobs.import_next() or await jobs.keep_scores():
        pass
    async with database.reading() as session:
        best_first = (Task.rank_tier, Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
        tasks = (await session.execute(select(Task).where(Task.deleted_at.is_(None)).order_by(*best_first))).scalars()
        runs = (await session.execute(select(SyncRun).order_by(SyncRun.id))).scalars()
        return Queue(list(tasks), list(runs))


@at_any_time
async def test_the_queue_is_ranked_as_the_story_justifies(now: datetime, tell: Tell) -> None:
    queue = await tell(now)
    lower = (*WAITING_FOR_OTHERS, *NO_HURRY, *SETTLED, "The plant in the hallway")

    wrong = [(high, low) for high in PRESSING for low in lower if queue.place(high) > queue.place(low)]

    assert wrong == []
    assert queue.place(OUTAGE) < 3
    assert queue.place(ESCALATION) < 3


@at_any_time
async def test_what_matters_stands_on_the_first_page(now: datetime, tell: Tell) -> None:
    queue = await tell(now)

    assert [title for title in PRESSING if queue.place(title) >= 20] == []
    assert {task.kind for task in queue.open[:20]} == {"mbox", "slack", "notion"}


@at_any_time
async def test_what_no_person_wrote_is_set_aside_with_its_reason(now: datetime, tell: Tell) -> None:
    queue = await tell(now)

    for title, word in SET_ASIDE.items():
        task = queue.find(title)
        assert (task.status, word in (task.status_reason or "").lower()) == ("not_for_us", True), task.status_reason


@at_any_time
async def test_everything_in_it_can_be_read(now: datetime, tell: Tell) -> None:
    queue = await tell(now)

    assert [(run.state, run.refused, run.warnings, run.updated) for run in queue.runs] == [("succeeded", 0, 0, 0)] * 3
    mail, slack, notion = queue.runs
    assert totals(mail)[0] == mail.read > 130
    assert totals(slack)[0] == slack.read > 180
    assert totals(notion)[0] == notion.read > 38


async def test_turns_are_known_because_the_company_is_us(tell: Tell) -> None:
    queue = await tell(TUESDAY_NOON)

    assert {queue.find(title).turn for title in WAITING_FOR_OTHERS} == {"theirs"}
    assert {queue.find(title).turn for title in (ESCALATION, AGREEMENT, BOARD_DECK, GDPR, OUTAGE)} == {"ours"}
    assert {queue.find(title).turn for title in SETTLED} == {None}


async def test_a_row_that_is_done_in_notion_is_done_here(tell: Tell) -> None:
    queue = await tell(TUESDAY_NOON)

    assert queue.find("Fire drill").status == "done"
    assert queue.find("House rules for the thermal camera").status == "declined"


async def test_lunch_is_talk_and_no_task(sqlite_database: Database, tmp_path: Path) -> None:
    queue = await told(sqlite_database, tmp_path, TUESDAY_NOON)

    assert not any("Falafel" in task.title for task in queue.open[:20])
    async with sqlite_database.reading() as session:
        talk = select(func.count()).select_from(StoredItem).where(StoredItem.task_id.is_(None))
        assert (await session.execute(talk)).scalar_one() > 30


@at_any_time
def test_it_is_the_same_each_time_it_is_told_at_the_same_time(now: datetime) -> None:
    assert exports(now) == exports(now)
    assert exports(now) != exports(now + timedelta(days=1))


@at_any_time
def test_nothing_in_it_lies_in_the_future(now: datetime, tmp_path: Path) -> None:
    mail, slack, _ = build(tmp_path, now)

    sent = [parsedate_to_datetime(date.decode()) for date in re.findall(rb"^Date: (.+)$", mail.read_bytes(), re.M)]
    with zipfile.ZipFile(slack) as archive:
        days = [json.loads(archive.read(name)) for name in archive.namelist() if "/" in name]
    said = [datetime.fromtimestamp(float(message["ts"]), UTC) for day in days for message in day]

    assert len(sent) > 130
    assert len(said) > 180
    assert max(*sent, *said) < now
    assert min(*sent, *said) > now - timedelta(days=50)


def test_every_address_in_it_is_reserved_for_examples() -> None:
    company = story.company()

    assert {address.rpartition(".")[2] for address in company.addresses if "@" in address} == {"example"}


@pytest.mark.parametrize(
    ("now", "text", "told"),
    [
        ("2026-11-17T12:40", "by {when:+1d 17:00}", "by tomorrow at 17:00"),
        ("2026-11-20T12:40", "by {when:+1d 17:00}", "by Monday at 17:00"),
        ("2026-11-17T12:40", "by {when:+2h}", "by today at 15:00"),
        ("2026-11-17T23:10", "by {when:+2h}", "by tomorrow at 01:30"),
        ("2026-11-17T12:40", "{eod:+1d}", "EOD tomorrow"),
        ("2026-11-17T12:40", "on {day:+6d}", "on Wednesday, 25 November"),
        ("2026-11-17T12:40", "until {long:-2d}", "until 13 November 2026"),
    ],
)
def test_a_moment_is_named_as_people_name_it_on_that_day(now: str, text: str, told: str) -> None:
    calendar = Calendar(datetime.fromisoformat(now).replace(tzinfo=EAST))

    assert calendar.told(text, calendar.now) == told


async def test_importing_the_same_exports_again_changes_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    await told(sqlite_database, tmp_path, TUESDAY_NOON)
    pipeline = Pipeline(sqlite_database, SettableClock(TUESDAY_NOON.astimezone(UTC)), tmp_path)
    async with sqlite_database.writing() as session:  # into the sample itself nothing can be imported
        await session.execute(update(Integration).values(sample=False))
    before = await pipeline.dump()

    for path, name in zip(build(tmp_path, TUESDAY_NOON), loading.NAMES.values(), strict=True):
        run = await pipeline.take_file(path, into=name)
        assert totals(run) == (0, 0, run.read, 0)

    assert await pipeline.dump() == before


async def test_it_comes_only_into_an_empty_database(pipeline: Pipeline, tmp_path: Path) -> None:
    await pipeline.take()  # an integration without a single mail

    assert not await loading.load_at_first_start(pipeline.database, tmp_path / "uploads", TUESDAY_NOON)


async def test_it_comes_once_however_many_processes_start(pipeline: Pipeline, tmp_path: Path) -> None:
    starts = (loading.load_at_first_start(pipeline.database, tmp_path / "uploads", TUESDAY_NOON) for _ in range(5))

    assert sorted(await asyncio.gather(*starts)) == [False] * 4 + [True]
    async with pipeline.database.reading() as session:
        assert len(await connections.service.names(session)) == 3
    assert len(list((tmp_path / "uploads").glob("*"))) == 3


async def test_it_never_comes_back_by_itself(pipeline: Pipeline, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    await loading.load_at_first_start(pipeline.database, uploads, TUESDAY_NOON)
    async with pipeline.database.writing() as session:
        await clearing.clear(session, now=pipeline.clock())

    assert not await loading.load_at_first_start(pipeline.database, uploads, TUESDAY_NOON)
    async with pipeline.database.reading() as session:
        known = await session.get(SampleLoad, 1)
    assert known is not None
    assert known.cleared_at == pipeline.clock()


async def test_a_person_who_is_somebody_real_too_stays_when_it_is_cleared(pipeline: Pipeline, tmp_path: Path) -> None:
    await loading.load_at_first_start(pipeline.database, tmp_path / "uploads", TUESDAY_NOON)
    async with pipeline.database.writing() as session:
        ines = (await session.execute(select(KnownPerson).where(KnownPerson.name == "Ines Halloran"))).scalar_one()
        real = {"address": "ines@real.example", "name": "Ines", "kind": "mbox", "created_at": pipeline.clock()}
        session.add(Identity(person_id=ines.id, **real))

    async with pipeline.database.writing() as session:
        await clearing.clear(session, now=pipeline.clock())

    async with pipeline.database.reading() as session:
        assert (await session.execute(select(Identity.address))).scalars().all() == ["ines@real.example"]
        assert (await session.execute(select(KnownPerson.name))).scalars().all() == ["Ines Halloran"]
        assert (await session.execute(select(func.count()).select_from(Integration))).scalar_one() == 0
