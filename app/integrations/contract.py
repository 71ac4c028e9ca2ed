"""What a kind of integration offers to the rest of the program.

A kind is one module or folder under app/integrations with a `Manifest`; app/integrations/registry.py
names it in one line. Kinds know no database and no web framework. What several kinds need for reading exports is in
app/integrations/exports.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from app.integrations.pulling import Live
from app.integrations.writing import Writing
from app.records import Item, Read

Field = Literal[
    "title",
    "text",
    "status",
    "priority",
    "due",
    "scheduled",
    "started",
    "finished",
    "created",
    "changed",
    "assignee",
    "creator",
    "labels",
    "project",
    "id",
    "url",
    "depends_on",
]
"""What a column of a table can mean to us."""
Said = Field | Literal["keep"] | None
"""What a person can say of a column: its meaning, that it has none and is kept as it is, or None to leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a person wants an export to be read, kept in the integration's settings so that it holds next time too."""

    columns: Mapping[str, Said] = field(default_factory=dict)
    """Corrections of what was guessed, by the columns' names in any case."""
    day_first: bool | None = None
    """Whether 3/4/2025 is the third of April. None: judged by the column's other dates, else month first."""
    zone: str = ""
    """IANA name of the time zone that times without an offset are meant in. Empty: UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, and what it is taken to mean."""

    name: str
    field: Field | None
    """None: kept as it is, without a meaning for the ranking."""
    why: str
    """A clause for people: «by its name», «by its values», «as you said»."""
    examples: tuple[str, ...] = ()
    """At most three different values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of an export as it would be read."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Item, ...] = ()
    """The first few."""


class Reader(Protocol):
    """Reads an export from a file or folder, one item at a time."""

    def recognises(self, path: Path) -> bool:
        """Whether `path` looks like this kind, judged by content. Cheap: reads a few kilobytes."""
        ...

    def read(self, path: Path, options: Options, /) -> Iterator[Read]:
        """Every item of `path` in an order that is the same at every reading, lazily and in bounded memory.

        One unreadable item never ends the iteration: it comes as an Item with `problems`, or as a
        Refusal where there is nothing to keep. Raises OSError where `path` itself can't be read.
        """
        ...


class NoFiles:
    """The reader of a kind that is only pulled."""

    def recognises(self, _path: Path) -> bool:
        return False

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        raise FileNotFoundError(f"nothing reads {path.name}: this kind is pulled from its service")


NO_FILES = NoFiles()


@dataclass(frozen=True, slots=True)
class Linked:
    """The addresses of a kind's items, as people paste them into any text."""

    form: re.Pattern[str]
    key: Callable[[re.Match[str]], str | None]
    """Under which key (Item.keys) the item is known that was found; None where the address leads to no item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A kind as people and programs see it."""

    kind: str
    title: str
    description: str
    reader: Reader = field(default_factory=lambda: NO_FILES)
    file_hint: str = ""
    """What to give it: «an .mbox file, for example from Google Takeout». Empty: nothing, it is only pulled."""
    tables: Callable[[Path, Options], tuple[Table, ...]] | None = None
    """For kinds that read tables: what each column is taken to mean, for people to look at and correct."""
    links: tuple[Linked, ...] = ()
    """How its items' addresses look in texts of any kind, so that a task and what links to it are shown together."""
    live: Live | None = None
    """How it is pulled from its service; None: files of it are imported, nothing more."""
    writing: Writing | None = None
    """How its service is told what people did with its tasks; None: it is only read."""
