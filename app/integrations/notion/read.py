"""What the readers of exported files hand over: pages, tables and their rows, before they are put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from app.integrations.exports.links import ids_in
from app.integrations.notion.cells import Cell

TARGET = re.compile(r"\s?\((?=[^()\s]*[0-9a-fA-F]{32})(?:[^()\s]|\([^()\s]{0,200}\)){1,2000}\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as its table lists it."""

    cells: Mapping[str, Cell]
    title: str = ""
    own: str = ""
    """Its id, where the table tells it."""
    place: str = ""
    """Where it stands, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table that lists its rows: a CSV file, or a table within an HTML page."""

    name: str
    own: str = ""
    names: tuple[str, ...] = ()
    """The columns in their order; the title's is the first."""
    sorts: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page's file."""

    title: str
    own: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    body: str = ""
    targets: tuple[str, ...] = ()
    """Where its links lead: addresses, and paths relative to the file."""
    listings: tuple[Listing, ...] = ()
    problems: tuple[str, ...] = ()


def written_cell(text: str) -> Cell:
    """A cell of an export that writes everything as text: relations as titles with the addresses of their rows."""
    text = text.strip()
    return Cell(text=TARGET.sub("", text), pages=ids_in(text))


def title_key(title: str) -> str:
    """Titles are compared without the marks and spaces that file names and Markdown change."""
    return re.sub(r"[\W_]+", "", title.casefold()) or title.strip()


def base_name(target: str) -> str:
    """The file's name in a link's target, as it is called in the export."""
    return unquote(target.partition("?")[0].partition("#")[0]).rstrip("/").rpartition("/")[2]
