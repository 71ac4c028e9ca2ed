"""A team's mail that everybody sees, and a mailbox of one of them that few do: full of words nobody else may read."""

import csv
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, select

from app.core import events
from app.core.database import Database
from app.domains.connections.models import Integration, KeptAnswer, SyncRun, SyncWarning
from app.domains.identity import users
from app.domains.identity.rules import Role, Scope
from app.domains.learning.models import RankPair, RuleProposal
from app.domains.monitoring.models import StoredLevel
from app.domains.people.models import Identity
from app.domains.tasks.models import StoredItem, Task
from app.domains.tasks.writes.models import TaskWrite
from app.settings import Settings
from tests.api.client import Api, Document, database_of, message, ok
from tests.api.conftest import key_of, serving, settings_on
from tests.conftest import START, SettableClock

CANARY = "canary"
"""Every private word has it in it, in whatever case, and nothing else does."""
MAILBOX, TABLE = "Canaryname diary", "Canarytable"
ROLES = {"olga": Role.OPERATOR, "nora": Role.VIEWER, "vera": Role.VIEWER, "otto": Role.OPERATOR, "ada": Role.ADMIN}
"""Olga owns what is private, and named Nora. The others may not see it, whatever else they may."""
OUTSIDERS = ("vera", "otto", "ada", "a key of nobody", "a key of nobody that reads", "a key that measures")


@dataclass
class World:
    """The application, with somebody's hands on it each time."""

    api: Api
    clock: SettableClock
    keys: dict[str, str] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, list[int]] = field(default_factory=dict)
    """Ids of what is private, by the name of a path's parameter."""
    seen: dict[str, list[int]] = field(default_factory=dict)
    """The same of what everybody sees."""
    undo: str = ""

    @property
    def database(self) -> Database:
        return database_of(self.api)

    @asynccontextmanager
    async def as_(self, name: str) -> AsyncIterator[Api]:
        """The API in the hands of one of them."""
        transport = httpx.ASGITransport(app=self.api.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test") as http:
            http.headers["Authorization"] = f"Bearer {self.keys[name]}"
            yield Api(self.api.app, http)


@asynccontextmanager
async def world(database: Database, settings: Settings, clock: SettableClock, folder: Path) -> AsyncIterator[World]:
    """The team's mail, and everybody's keys."""
    unlimited = settings_on(settings, database).model_copy(update={"rate_limits": False})
    async with serving(unlimited, clock, folder) as api:
        made = World(api, clock)
        for name, role in ROLES.items():
            async with made.database.writing() as session:
                email = f"{name}@example.com"
                made.users[name] = (await users.create(session, email, role, name=name.title(), now=START)).id
            made.keys[name] = await key_of(api.app, Scope.ADMIN, user_id=made.users[name])
        made.keys["a key of nobody"] = await key_of(api.app, Scope.ADMIN)
        made.keys["a key of nobody that reads"] = await key_of(api.app, Scope.TASKS_READ)
        made.keys["a key that measures"] = await key_of(api.app, Scope.METRICS_READ)
        await _shared(made)
        yield made


async def _shared(world: World) -> None:
    mails = [
        message("Invoice for March", "Could you pay this by Friday, please?", id="march@example.org"),
        message("Printer on fire", "This is urgent: please call me back today.", id="fire@example.org"),
        message(
            "Invoice for March", "A second one of the same name.", id="march2@example.org", sender="Zoe <zoe@x.org>"
        ),
        message("Root of a thread", "Could you look at the plan?", id="root@example.org"),
        message("Will be merged", "Could you file this?", id="filed@example.org"),
    ]
    await world.api.import_mail(*mails, into="team mail")
    tasks = (await world.api.get("/tasks", status="open", limit=50))["items"]
    world.seen["task_id"] = [task["id"] for task in tasks]
    await world.api.create("Written by hand", notes="Nothing to hide here")
    await world.api.http.patch(f"/api/v1/tasks/{world.seen['task_id'][0]}", json={"labels": ["shown"]})


async def task_called(world: World, title: str) -> int:
    async with world.database.reading() as session:
        return (
            await session.execute(select(Task.id).where(Task.title == title).order_by(Task.id))
        ).scalars().first() or 0


def table() -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Title", "Owner", "Project", "Notes", "Status"])
    rows.writerow(["Canarytitle of a row", "Canaryowner", "Canaryproject", "Canarynotes", "open"])
    return out.getvalue().encode()


async def add_private(world: World, *, touching: bool = True) -> None:
    """What is Olga's: mail and a table, and everything that can come of them. Not `touching`: nothing of it has to do
    with what is the team's."""
    async with world.as_("olga") as olga:
        await _import(olga, touching=touching)
        names = {each["name"]: each["id"] for each in (await olga.get("/integrations", limit=50))["items"]}
        private = world.hidden["integration_id"] = [names[MAILBOX], names[TABLE]]
        for each in private:
            body: Document = {"viewers": ["nora@example.com"]}
            ok(await olga.http.patch(f"/api/v1/integrations/{each}", json=body))
        ok(
            await olga.http.patch(
                f"/api/v1/integrations/{private[0]}", json={"settings": {"canarysetting": "canaryvalue"}}
            )
        )
        await _act(olga, world, touching=touching)
    async with world.database.writing() as session:
        await _beside(session, world)
    await _ids(world)


async def _import(olga: Api, *, touching: bool) -> None:
    mails = [
        message(
            "Canarysubject contract",
            "This is urgent: canarytext, could you please sign by Friday 5pm?",
            id="canary1@canary.example",
            sender="Canarysender Person <canarysender@canary.example>",
            to="support@example.com, Canaryreader <canaryreader@canary.example>",
            X_Gmail_Labels="Inbox,Canarylabel",
        ),
        message("Canarywait for us", "Could you canaryanswer?", id="canary2@canary.example"),
        message("Invoice for March", "The same canaryname of a title.", id="canary3@canary.example"),
        message("Canarythird", "See canaryfourth.", id="canary5@canary.example"),
    ]
    if touching:
        answered = {"id": "canary4@canary.example", "reply_to": "root@example.org"}
        mails.append(message("Re: Root of a thread", "A canaryreply in private.", **answered))
    await olga.import_mail(*mails, into=MAILBOX, private="true", name="canaryfile.mbox")
    started = ok(await olga.upload(table(), "canaryfile.csv", into=TABLE, private="true"))
    while await olga.jobs.import_next():
        pass
    assert (await olga.get(f"/sync/runs/{started['run']['id']}"))["state"] == "succeeded"


async def _act(olga: Api, world: World, *, touching: bool) -> None:
    first = await task_called(world, "Canarysubject contract")
    waits, third = await task_called(world, "Canarywait for us"), await task_called(world, "Canarythird")
    fire, march = await task_called(world, "Printer on fire"), await task_called(world, "Invoice for March")
    await olga.patch(first, labels=["canarylabelled"], notes="canarynoted", project="Canaryproject")
    if touching:
        await olga.patch(fire, dependencies=[first])  # a visible one waits for a private one …
        await olga.patch(waits, dependencies=[march])  # … and a private one for a visible one
    await olga.post(f"/tasks/{first}/rank-above/{march}")
    await olga.post(f"/tasks/{fire}/rank-above/{waits}")
    if touching:
        await olga.verb(await task_called(world, "Will be merged"), "merge", into=third)
    world.undo = (await olga.verb(waits, "assign", user="Canaryassignee"))["undo"]["token"]
    while await olga.jobs.keep_scores():
        pass


async def _beside(session: Any, world: World) -> None:
    """What no request brings about: a failed run, an answer that was kept, a write, a level, a proposal."""
    place = world.hidden["integration_id"][0]
    task = await session.scalar(select(Task.id).where(Task.title == "Canarysubject contract"))
    run = SyncRun(
        integration_id=place, state="failed", what="canarywhat", reason="request", created_at=START, warnings=1
    )
    run.error = {"category": "network", "detail": "Canarydetail does not answer.", "at": START.isoformat()}
    session.add(run)
    await session.flush()
    session.add(SyncWarning(run_id=run.id, what="canaryplace", why="canarywhy"))
    kept = {"tool": "T", "arguments": {"q": "canaryargument"}, "path": "canarypath", "why": "canaryunreadable"}
    session.add(
        KeptAnswer(
            integration_id=place, run_id=run.id, at=START, whole=True, value="canaryvalue", shortened=False, **kept
        )
    )
    write = {
        "mark": "done",
        "before": "open",
        "actor": "person",
        "state": "conflict",
        "why": "Canarywritten meanwhile.",
    }
    session.add(TaskWrite(task_id=task, integration_id=place, expected={}, effect={}, created_at=START, **write))
    level = {"level": "OFFLINE", "reason": "Canarylevel: never heard.", "since": START}
    session.add(StoredLevel(name=f"integration {place}", **level))
    integration = await session.get(Integration, place)
    integration.last_error = {"category": "network", "detail": "Canarydetail is away.", "at": START.isoformat()}
    integration.write_back = True
    pairs = (await session.execute(select(RankPair.id).order_by(RankPair.id))).scalars().all()
    change = {"rule": "r", "title": "Canaryrule", "field": "points", "before": [1000], "after": [2000]}
    changes = [{**change, "evidence": [pairs[0]], "against": []}]
    proposal = {"ruleset": "default", "base_version": 1, "state": "open", "drags": 1, "agreed_before": 0}
    session.add(RuleProposal(changes=changes, agreed_after=1, created_at=START, note="", **proposal))
    loose = {
        "integration_id": place,
        "external_id": "canaryloose",
        "content_hash": "0" * 64,
        "sender_name": "Canaryspeaker",
        "sender_address": "canaryspeaker@canary.example",
        "subject": "",
        "text": "canaryline of a channel",
        "loose": True,
        "reading": {},
        "created_at": START,
        "sent_at": START,
    }
    texts = dict.fromkeys(("quoted", "signature", "list_id", "url"), "")
    lists: Document = {
        n: [] for n in ("recipients", "copied", "attachments", "keys", "labels", "delivered_to", "problems")
    }
    attached = [{"name": "canaryfile.pdf", "media_type": "application/pdf", "size": 3}]
    await session.execute(insert(StoredItem).values({**texts, **lists, **loose, "attachments": attached}))
    level_told = {"name": MAILBOX, "kind": "mbox", "level": "OFFLINE", "reason": "Canarylevel", "integration": place}
    await events.append(session, "level.changed", level_told, now=START)
    whole = {"name": "overall", "kind": "overall", "level": "DEGRADED", "reason": f"{MAILBOX} can't be trusted now."}
    await events.append(session, "level.changed", whole, now=START)
    await events.append(session, "task.changed", {"task": task, "write": "conflict"}, now=START)


async def _ids(world: World) -> None:
    """Of everything that is hidden, and of what is not."""
    private = world.hidden["integration_id"]
    async with world.database.reading() as session:

        async def ids(query: Any) -> list[int]:
            return list((await session.execute(query)).scalars())

        held = select(StoredItem.task_id).where(StoredItem.integration_id.in_(private), StoredItem.task_id.is_not(None))
        merged = await ids(select(Task.id).where(Task.merged_into.in_(held)))
        # The most telling first: a test looks at some of each.
        first = [await task_called(world, name) for name in ("Canarysubject contract", "Root of a thread")]
        hidden = {*await ids(held.distinct()), *merged}
        rest = sorted(hidden - {*first, *merged})
        world.hidden["task_id"] = [each for each in (first[0], *merged, first[1], *rest) if each in hidden]
        every = await ids(select(Task.id).where(Task.deleted_at.is_(None)))
        borne = [await task_called(world, name) for name in ("Printer on fire", "Invoice for March")]
        world.seen["task_id"] = [*borne, *(i for i in every if i not in (*world.hidden["task_id"], *borne))]
        for name, model in (
            ("run_id", SyncRun),
            ("item_id", StoredItem),
            ("write_id", TaskWrite),
            ("kept_id", KeptAnswer),
        ):
            theirs = model.integration_id.in_(private)
            world.hidden[name] = await ids(select(model.id).where(theirs).order_by(model.id.desc()))
            world.seen[name] = await ids(select(model.id).where(~theirs))
        mixed = select(StoredItem.id).where(StoredItem.task_id.in_(world.hidden["task_id"]))
        world.hidden["item_id"] = sorted({*world.hidden["item_id"], *await ids(mixed)})
        world.seen["item_id"] = [each for each in world.seen["item_id"] if each not in world.hidden["item_id"]]
        world.hidden["proposal_id"] = await ids(select(RuleProposal.id))
        of_theirs = Identity.address.contains(CANARY)
        world.hidden["person_id"] = await ids(select(Identity.person_id).where(of_theirs))
        world.seen["person_id"] = await ids(select(Identity.person_id).where(~of_theirs))
        world.seen["integration_id"] = await ids(select(Integration.id).where(Integration.id.not_in(private)))
    for name in ("other", "other_id"):
        world.hidden[name], world.seen[name] = world.hidden["task_id"], world.seen["task_id"]


def canaries(text: str) -> list[str]:
    """The private words in a text."""
    found = re.finditer(CANARY, text, re.IGNORECASE)
    return [text[max(0, each.start() - 30) : each.start() + 40] for each in found]


def shown(answer: httpx.Response) -> str:
    """Everything of an answer that its reader sees."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.text}"
