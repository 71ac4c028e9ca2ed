"""Items as a kind would read them, made by hand: lines of a channel, rows of a table."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.domains.connections.models import SyncRun
from app.integrations.contract import Manifest, Options
from app.records import Item, Person, Read, Work
from app.workflows import importing
from tests.conftest import START
from tests.workflows.pipeline import Pipeline

ANNA, BEN, KIM = (Person(name.title(), f"{name}@client.example") for name in ("anna", "ben", "kim"))
PLAIN = "The new coffee machine is great"
ASKING = "Could you please send me the signed offer by Thursday?"


@dataclass(frozen=True)
class Given:
    """A reader of what it is given."""

    items: Sequence[Item]

    def recognises(self, path: Path) -> bool:
        return path.exists()

    def read(self, _path: Path, _options: Options, /) -> Iterator[Read]:
        return (Read(item, item.external_id) for item in self.items)


async def take(pipeline: Pipeline, *items: Item, kind: str = "slack") -> SyncRun:
    manifest = Manifest(kind=kind, title=kind, description="", reader=Given(items), file_hint="")
    async with pipeline.database.writing() as session:
        run = await importing.begin(session, manifest, what="given", into=None, now=pipeline.clock())
    return await importing.carry_out(pipeline.work, run.id, manifest, pipeline.folder)


def line(number: int, text: str = PLAIN, sender: Person = ANNA, *, after: int | None = None, **given: Any) -> Item:
    """A line of #general, `number` minutes after the start. `after`: the line that its thread or talk refers to."""
    keys = (f"slack:C1/{number}",) if after is None else (f"slack:C1/{number}", f"slack:C1/{after}")
    item = Item(
        external_id=f"C1/{number}",
        sent_at=START + timedelta(minutes=number),
        sender=sender,
        text=text,
        keys=keys,
        list_id="#general",
        revisable=True,
        loose=after is None,
        is_reply=after is not None,
        url=f"https://chat.example/C1/{number}",
    )
    return hashed(replace(item, **given))


def row(name: str, title: str = "Migrate the billing", *, work: Work | None = None, **given: Any) -> Item:
    """A row of a table of tasks, made at the start."""
    item = Item(
        external_id=name,
        sent_at=START,
        sender=KIM,
        subject=title,
        keys=(f"notion:{name}",),
        revisable=True,
        work=work or Work(),
    )
    return hashed(replace(item, **given))


def hashed(item: Item) -> Item:
    said = repr((item.subject, item.text, item.sender, item.work, item.automation))
    return replace(item, content_hash=hashlib.sha256(said.encode()).hexdigest()[:32])
