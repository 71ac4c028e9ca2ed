"""Rows of a table and the pages that belong to them, brought together."""

import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol
from urllib.parse import unquote

from app.integrations.contract import Options
from app.integrations.exports.charset import decode
from app.integrations.exports.columns import AS_SAID
from app.integrations.exports.dates import day_first_of
from app.integrations.exports.links import ids_in, page_key
from app.integrations.exports.tree import Damaged
from app.integrations.notion import html_pages, markdown
from app.integrations.notion.cells import Cell
from app.integrations.notion.files import File, Files
from app.integrations.notion.meanings import understood
from app.integrations.notion.pages import UNTITLED, Table
from app.integrations.notion.read import Listing, Row, Sheet, base_name, title_key
from app.records import Attachment, Refusal

SAMPLE = 30
"""Pages of a table that are read beforehand, for properties that its listing leaves out and for their types."""
ROWS_LOOKED_AT = 200
MOST_ALIKE = 50
"""Pages of one title that are compared with a row; beyond that the order alone decides."""
HEAD = 4096
TITLE = "Name"
"""What the title's column is called where no listing tells; Notion's own default."""
PAGE_SUFFIX = re.compile(r"\.(?:md|markdown|html?|csv)\Z", re.IGNORECASE)


class Sheets(Protocol):
    """Who reads a page's file."""

    def sheet(self, file: File, names: tuple[str, ...] = ()) -> Sheet | Refusal: ...


@dataclass(slots=True)
class Pages:
    """The pages of one table's folder, given to its rows one by one."""

    sheets: Sheets
    files: dict[str, File]
    by_title: dict[str, list[File]] = field(default_factory=dict)
    by_id: dict[str, File] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """Titles as written to ids."""
    keys: dict[str, str] = field(default_factory=dict)
    """Titles as they are compared, by file."""
    compared: dict[str, Mapping[str, Cell]] = field(default_factory=dict)
    """Properties of pages that share a title with others, until they are taken."""

    @classmethod
    def of(cls, files: Sequence[File], sheets: Sheets) -> "Pages":
        pages = cls(sheets, {file.entry.name: file for file in files})
        for file in files:
            title = title_of(file) or file.base
            pages.keys[file.entry.name] = title_key(title)
            pages.by_title.setdefault(title_key(title), []).append(file)
            if file.own:
                pages.by_id[file.own] = file
                pages.titles.setdefault(title, file.own)
        return pages

    @classmethod
    def listed(cls, listing: Listing, host: File, files: Files, sheets: Sheets) -> "Pages":
        """The pages that an HTML table leads to, and those that lie beside them."""
        led_to = [files.by_id[row.own] for row in listing.rows if row.own in files.by_id]
        folders = {file.folder for file in led_to} - {host.folder}
        beside = [file for folder in sorted(folders) for file in files.by_folder[folder] if file not in led_to]
        apart = [file for file in beside if not is_shared(file.folder, host, listing)]
        return cls.of([*dict.fromkeys(led_to), *apart], sheets)

    def sample(self) -> list[Sheet]:
        """The first pages, as far as they can be read."""
        read = (self.sheets.sheet(file) for file in islice(self.files.values(), SAMPLE))
        return [sheet for sheet in read if isinstance(sheet, Sheet)]

    def take(self, row: Row) -> File | None:
        """The page of `row`, for this row alone."""
        alike = self.by_title.get(title_key(row.title or UNTITLED), [])
        found = self.by_id.get(row.own) if row.own else None
        if found is None and not row.own and alike:
            found = alike[0] if len(alike) == 1 else max(alike[:MOST_ALIKE], key=lambda file: self.agreement(file, row))
        if found is None or found.entry.name not in self.files:
            return None
        del self.files[found.entry.name]
        self.compared.pop(found.entry.name, None)
        for group in (alike, self.by_title.get(self.keys[found.entry.name], [])):
            if found in group:
                group.remove(found)
        return found

    def paired(self, rows: Sequence[Row]) -> list[tuple[Row, File | None]]:
        """Each row with its page. Where a title is a date, the page's file says it relative to the day of the export,
        «@Last Wednesday», and the table says which: there the other properties decide."""
        found = {place: page for place, row in enumerate(rows) if (page := self.take(row))}
        dated = [place for place, row in enumerate(rows) if place not in found and row.title.startswith("@")]
        leaning: dict[frozenset[tuple[str, str]], list[File]] = {}
        for file in self.rest() if dated else []:
            sheet = self.sheets.sheet(file, tuple(rows[0].cells))
            if isinstance(sheet, Sheet) and sheet.title.startswith("@") and sheet.cells:
                leaning.setdefault(properties(sheet.cells, rows[0].cells), []).append(file)
        for place in dated:
            row = rows[place]
            title = next(iter(row.cells), "")
            alike = leaning.get(properties(row.cells, [name for name in row.cells if name != title]))
            if alike:
                found[place] = alike.pop(0)
                del self.files[found[place].entry.name]
        return [(row, found.get(place)) for place, row in enumerate(rows)]

    def agreement(self, file: File, row: Row) -> int:
        """How many properties of a page say what the row says."""
        name = file.entry.name
        if name not in self.compared:
            sheet = self.sheets.sheet(file, tuple(row.cells))
            self.compared[name] = sheet.cells if isinstance(sheet, Sheet) else {}
        said = self.compared[name]
        return sum(row.cells[name].text == cell.text for name, cell in said.items() if name in row.cells)

    def rest(self) -> list[File]:
        return list(self.files.values())


def properties(cells: Mapping[str, Cell], names: Iterable[str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, cells[name].text) for name in names if name in cells and cells[name].text)


def is_shared(folder: str, host: File, listing: Listing) -> bool:
    """Whether a folder holds other pages than the table's rows: that of the page the table stands in."""
    return folder in host.folders and bool(listing.name) and title_key(listing.name) != title_key(host.base)


def title_of(file: File) -> str:
    """The title that a page's file tells, "" where it can't be read."""
    try:
        with file.entry.open() as stream:
            head = stream.read(2_000_000 if file.is_html else HEAD)
    except (Damaged, OSError):
        return ""
    text = decode(head)[0]
    return html_pages.title_of(text) if file.is_html else markdown.title_of(text)


def listed_table(listing: Listing, sample: Sequence[Sheet], options: Options, titles: Mapping[str, str]) -> Table:
    """What the table's columns mean, judged by its rows and by the first of its pages."""
    names, sorts = list(listing.names or [TITLE]), dict(listing.sorts)
    if "title" not in sorts.values():
        sorts[names[0]] = "title"
    for sheet in sample:
        for name, cell in sheet.cells.items():
            if name not in names:
                names.append(name)
            if cell.sort and sorts.get(name) in (None, "", "select"):
                sorts[name] = cell.sort
    listed = [row.cells for row in listing.rows[:ROWS_LOOKED_AT]]
    rows = listed or [{TITLE: Cell(text=sheet.title), **sheet.cells} for sheet in sample]
    texts = [[cells[name].text if name in cells else "" for name in names] for cells in rows]
    found = understood(names, texts, options, sorts)
    return Table(
        own=listing.own or listing.name,
        name=listing.name,
        columns=found,
        titles=titles,
        day_first=day_first_of(text for line in texts for text in line),
    )


def joined(row: Row, sheet: Sheet | None, table: Table) -> dict[str, Cell]:
    """The row's cells with what only its page tells: types, the ids of related rows, columns the listing leaves out."""
    cells = {name: cell for name, cell in row.cells.items() if name != table.named("title")}
    for name, told in (sheet.cells if sheet else {}).items():
        cell = cells.get(name)
        if cell is None or told.sort or not cell.text:
            cells[name] = told
        elif told.pages and not cell.pages:
            cells[name] = replace(cell, pages=told.pages)
    return cells


def described(table: Table, row: Row, sheet: Sheet | None) -> str:
    """The row's title; that of another column where a person said so."""
    name = table.named("title")
    if any(column.name == name and column.why == AS_SAID for column in table.columns) and name in row.cells:
        return row.cells[name].text
    return row.title or (sheet.title if sheet else "")


def links_of(sheet: Sheet) -> tuple[str, ...]:
    """Addresses, and the keys of pages of the export that it leads to."""
    return tuple(link for target in sheet.targets for link in keys_or_address(target))


def keys_or_address(target: str) -> Iterator[str]:
    if "://" in target:
        yield target
    elif found := ids_in(target.replace(" ", "%20")):
        yield page_key(found[-1])


def files_of(sheet: Sheet, file: File, sizes: Mapping[str, int]) -> tuple[Attachment, ...]:
    """The files of the export that a page leads to."""
    out: dict[str, Attachment] = {}
    for target in sheet.targets:
        name = base_name(target)
        if "://" in target or target.startswith(("#", "mailto:", "/")) or PAGE_SUFFIX.search(name) or "." not in name:
            continue
        size = next((sizes[path] for path in paths(file, target) if path in sizes), 0)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        out.setdefault(name, Attachment(name[:255], media_type, size))
    return tuple(out.values())


def paths(file: File, target: str) -> Iterator[str]:
    inside = unquote(target.partition("?")[0])
    yield f"{file.folder}/{inside}" if file.folder else inside
    yield inside
