"""A Notion page, whichever way it was exported, as an Item.

A row of a table that tracks work carries Work. A table tracks work where a column for a status, a due date or an
assignee is known by its type, its name or, for statuses, by its words; dates and names alone make no work.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from app.integrations import contract
from app.integrations.contract import Column, Field, Options
from app.integrations.exports import columns, dates
from app.integrations.exports.links import hex_id, links_in, notion_id, page_key, page_url
from app.integrations.notion.cells import Cell
from app.integrations.notion.work import Written, work_of
from app.records import Attachment, Automation, Item, Person

MOST_TEXT = 200_000
MOST_FILES = 200
UNTITLED = "Untitled"
"""What Notion calls a page without a title."""
ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of a table before its rows are read."""

    own: str
    """Its id, or its name where it has none."""
    name: str
    columns: tuple[Column, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    """Names of the status's options to «open» or «done», where the export tells how they are grouped."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles to ids of the rows, for relations that name only titles."""
    day_first: bool | None = None
    """How its dates are written, where they tell."""

    @property
    def tracks_work(self) -> bool:
        return any(
            column.field in ("status", "assignee") or (column.field == "due" and column.why != columns.BY_VALUES)
            for column in self.columns
        )

    def named(self, meaning: Field) -> str:
        """The column that means `meaning`; "" where none does."""
        return next((column.name for column in self.columns if column.field == meaning), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page or row as it was read."""

    own: str
    """Its id, or for a row that has none what stands for it; see `stand_in`."""
    title: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    """Its properties by name, the title left out."""
    body: str = ""
    links: tuple[str, ...] = ()
    """Addresses and keys that its body leads to beside those that can be read in it."""
    files: tuple[Attachment, ...] = ()
    created_at: datetime | None = None
    edited_at: datetime | None = None
    as_of: datetime | None = None
    """When the export was made, where that is known: it stands for the day that «Tomorrow» leans on."""
    creator: Person = field(default_factory=Person)
    table: Table | None = None
    trashed: bool = False
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Shown:
    """The tables that were met and their first rows, for people to look at."""

    rows: dict[str, tuple[Table, list[Item]]] = field(default_factory=dict)

    def keep(self, page: Page, item: Item) -> Item:
        if page.table:
            rows = self.rows.setdefault(page.table.own, (page.table, []))[1]
            if len(rows) < ROWS_SHOWN:
                rows.append(item)
        return item

    def tables(self) -> tuple[contract.Table, ...]:
        return tuple(
            contract.Table(name=table.name, columns=table.columns, rows=tuple(rows))
            for table, rows in self.rows.values()
        )


def stand_in(table: str, *said: str) -> str:
    """An id for a row without one, the same at every reading of the same row."""
    return f"{table}/{hashlib.blake2b(chr(0).join(said).encode(), digest_size=8).hexdigest()}"


def to_item(page: Page, options: Options, zone: tzinfo) -> Item:
    """`page` as an Item; a value of it that can't be read is a sentence in `problems`."""
    problems = list(page.problems)
    table = page.table
    if table and options.day_first is None:
        options = replace(options, day_first=table.day_first)
    written = Written(page.cells, table.columns if table else (), options, zone, problems)
    created = written.moment("created", page.as_of) if table and not page.created_at else page.created_at
    edited = page.edited_at or (written.moment("changed", page.as_of) if table else None)
    leaning_on = edited or page.as_of
    work = work_of(written, table.groups, table.titles, leaning_on) if table and table.tracks_work else None
    text = text_of(page, table, problems)
    return Item(
        external_id=page.own,
        keys=(page_key(page.own),) if hex_id(page.own) else (),
        url=page_url(page.own) if hex_id(page.own) else "",
        subject=page.title or UNTITLED,
        text=text,
        sent_at=created,
        sender=page.creator if page.creator != Person() else written.creator(),
        labels=written.labels(),
        attachments=files_of(page),
        links=links_of(page, text),
        revisable=True,
        revised_at=edited or page.as_of,
        loose=table is None,
        work=work,
        automation=automation_of(page, table),
        problems=tuple(dict.fromkeys(problems)),
        content_hash=fingerprint(page.title, text, repr(work), page.trashed),
    )


def automation_of(page: Page, table: Table | None) -> Automation | None:
    if page.trashed:
        return Automation("trash", "It was moved to the trash in Notion.")
    if table is None or table.tracks_work:
        return None
    return Automation(
        "record",
        f"A row of the table «{table.name}», which has no column for a status, a due date or an assignee.",
    )


def text_of(page: Page, table: Table | None, problems: list[str]) -> str:
    """The body, below the table's column of texts; where no Work holds the other properties, below those too."""
    described = table.named("text") if table else ""
    parts = [page.cells[described].text] if described in page.cells else []
    if table is None or not table.tracks_work:
        shown = [f"{name}: {cell.text}" for name, cell in page.cells.items() if cell.text and name != described]
        parts.append("\n".join(shown))
    text = "\n\n".join(part.strip("\n") for part in [*parts, page.body] if part.strip())
    if len(text) > MOST_TEXT:
        problems.append(f"The text is longer than {MOST_TEXT:,} characters; the rest was left out.")
    return text[:MOST_TEXT]


def links_of(page: Page, text: str) -> tuple[str, ...]:
    found = list(links_in(text))
    for cell in page.cells.values():
        found += map(page_key, cell.pages)
        found += keys_of(cell.links)
        found += links_in(cell.text)
    found += keys_of(page.links)
    return tuple(key for key in dict.fromkeys(found) if key != page_key(page.own))


def keys_of(targets: Iterable[str]) -> list[str]:
    """Keys are kept, addresses read; those of the outside world lead to nothing here."""
    out: list[str] = []
    for target in dict.fromkeys(targets):
        if target.startswith("notion:") and hex_id(target.removeprefix("notion:")):
            out.append(target)
        elif page := notion_id(target):
            out.append(page_key(page))
        else:
            out += links_in(target)
    return out


def files_of(page: Page) -> tuple[Attachment, ...]:
    found = [*page.files, *(file for cell in page.cells.values() for file in cell.files)]
    return tuple(dict.fromkeys(found))[:MOST_FILES]


def fingerprint(*said: object) -> str:
    return hashlib.blake2b("\0".join(map(str, said)).encode("utf-8", "replace"), digest_size=16).hexdigest()


def read_moment(text: str, options: Options, zone: tzinfo) -> datetime | None:
    """A time that Notion itself writes, such as the one a page was created at."""
    found = dates.moment(text, zone=zone, day_first=options.day_first, relative_to=None)
    return found.at if found else None
