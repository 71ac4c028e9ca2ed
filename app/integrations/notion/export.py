"""An export of Markdown and CSV or of HTML as items: each page once, each row of a table once.

A row may come several times: in its table's file, in the twin with all columns, as a page of its own, in a copy of
the whole in another part. Its page is found by its id or title, and among equal titles by what its properties say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from app.integrations.contract import Options
from app.integrations.exports.charset import decode
from app.integrations.exports.tree import Damaged, Entry, Tree
from app.integrations.notion import html_pages, markdown, tables
from app.integrations.notion.documents import Api
from app.integrations.notion.files import File, Files, sorted_out, table_name
from app.integrations.notion.pages import Page, Shown, Table, stand_in, to_item
from app.integrations.notion.read import Listing, Row, Sheet, base_name
from app.integrations.notion.rows import Pages, described, files_of, joined, links_of, listed_table
from app.records import Item, Progress, Read, Refusal

MOST_PAGE = 32_000_000
MOST_TABLE = 64_000_000
FIRST_EXPORT_YEAR = 2016
"""Notion's first; archives that give no times say 1980."""


@dataclass(slots=True)
class Export:
    """One reading of an export."""

    tree: Tree
    options: Options
    zone: tzinfo
    is_archive: bool
    """An archive's times are those of the export; a folder's may be of any copy made since, so they tell nothing."""
    files: Files = field(init=False)
    taken: set[str] = field(default_factory=set)
    """Names of files that were read."""
    seen: set[str] = field(default_factory=set)
    """Ids of pages that were given."""
    mentioned: set[str] = field(default_factory=set)
    """Names of files that pages lead to."""
    shown: Shown = field(default_factory=Shown)
    done: int = 0

    def __post_init__(self) -> None:
        self.files = sorted_out(self.tree.entries)
        for file in self.files.skipped:
            self.take(file)

    def read(self) -> Iterator[Read]:
        for refusal in self.tree.refusals:
            yield Read(refusal, refusal.what, self.progress())
        for place, what in self.everything():
            yield Read(what, place, self.progress())

    def everything(self) -> Iterator[tuple[str, Item | Refusal]]:
        yield from self.documents()
        for twins in self.files.tables:
            yield from self.table(twins)
        yield from self.listed()
        yield from self.pages()
        yield from self.others()

    def progress(self) -> Progress:
        return Progress(self.done, self.tree.total)

    def take(self, file: File) -> None:
        if file.entry.name not in self.taken:
            self.taken.add(file.entry.name)
            self.done += file.entry.size

    def as_of(self, entry: Entry) -> datetime | None:
        at = entry.changed_at if self.is_archive else None
        return at if at and at.year >= FIRST_EXPORT_YEAR else None

    def documents(self) -> Iterator[tuple[str, Item | Refusal]]:
        api = Api(self.options, self.zone, self.shown)
        for file in self.files.documents:
            api.look_at(file.entry)
        api.looked()
        for file in self.files.documents:
            for what in api.read(file.entry):
                yield file.entry.name, what
            self.take(file)

    def table(self, twins: tuple[File, ...]) -> Iterator[tuple[str, Item | Refusal]]:
        """A CSV file's rows; of twins the second only where the first can't be read."""
        for file in twins:
            listing = self.listing(file)
            self.take(file)
            if isinstance(listing, Refusal):
                yield file.entry.name, listing
                continue
            for rest in twins:
                self.take(rest)
            folder = [page for name in file.folders for page in self.files.by_folder.get(name, [])]
            yield from self.rows(listing, Pages.of(folder, self), file.entry)
            for problem in listing.problems:
                yield file.entry.name, Refusal(file.entry.name, problem)
            return

    def listing(self, file: File) -> Listing | Refusal:
        text = self.text(file, MOST_TABLE)
        if isinstance(text, Refusal):
            return text
        listing = tables.listing(text, file.base, file.own)
        for row in listing.rows:
            for cell in row.cells.values():
                self.mentioned.update(base_name(part) for part in cell.text.split(", ") if "." in part)
        return listing if listing.names else Refusal(file.entry.name, "The table is empty: it has not even columns.")

    def rows(self, listing: Listing, pages: Pages, entry: Entry) -> Iterator[tuple[str, Item | Refusal]]:
        """The rows that a table lists, each with its page, then the pages beside them that it doesn't list."""
        table = listed_table(listing, pages.sample(), self.options, pages.titles)
        for row, page in pages.paired(listing.rows):
            place = f"{entry.name}, {row.place}"
            if page is None and not row.title and not any(cell.text for cell in row.cells.values()):
                yield place, Refusal(place, "The row is empty.")
                continue
            sheet = self.sheet(page, listing.names) if page else None
            if isinstance(sheet, Refusal):
                yield place, sheet
                sheet = None
            if page:
                self.take(page)
            yield from self.given(self.row_page(row, page, sheet, table, entry), place)
        for page in pages.rest():
            yield from self.unlisted(page, table, listing.names)

    def unlisted(
        self, file: File, table: Table | None, names: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Item | Refusal]]:
        """A page by itself; with `table`, as a row of it."""
        if file.entry.name in self.taken:
            return
        self.take(file)
        sheet = self.sheet(file, names)
        if isinstance(sheet, Refusal):
            yield file.entry.name, sheet
        elif not is_database(sheet):
            # A page may begin with lines that look like properties; typed ones, or those of work, are a row's.
            typed = any(cell.sort for cell in sheet.cells.values())
            is_row = bool(names) or typed or bool(sheet.cells and table and table.tracks_work)
            yield from self.given(self.page_of(file, sheet, table if is_row else None), file.entry.name)

    def given(self, page: Page, place: str) -> Iterator[tuple[str, Item]]:
        """The page, where it was not given before. Rows without an id may be equal: they are told apart by number."""
        own, number = page.own, 1
        if "/" in own:
            while own in self.seen:
                number += 1
                own = f"{page.own}/{number}"
        if own not in self.seen:
            self.seen.add(own)
            item = to_item(replace(page, own=own), self.options, self.zone)
            yield place, self.shown.keep(page, item)

    def row_page(self, row: Row, file: File | None, sheet: Sheet | None, table: Table, entry: Entry) -> Page:
        cells = joined(row, sheet, table)
        own = row.own or (sheet.own if sheet else "") or (file.own if file else "")
        title = described(table, row, sheet)
        created = cells[table.named("created")].text if table.named("created") in cells else ""
        number = cells[table.named("id")].text if table.named("id") in cells else ""
        return Page(
            own=own or (f"{table.own}/{number}" if number else stand_in(table.own, title, created)),
            title=title,
            cells=cells,
            body=sheet.body if sheet else "",
            links=links_of(sheet) if sheet else (),
            files=files_of(sheet, file, self.files.sizes) if sheet and file else (),
            as_of=self.as_of(file.entry if file else entry),
            table=table,
            problems=sheet.problems if sheet else (),
        )

    def page_of(self, file: File, sheet: Sheet, table: Table | None) -> Page:
        return Page(
            own=file.own or sheet.own or stand_in(file.base or "page", sheet.title),
            title=sheet.title or file.base,
            cells=sheet.cells,
            body=sheet.body,
            links=links_of(sheet),
            files=files_of(sheet, file, self.files.sizes),
            as_of=self.as_of(file.entry),
            table=table,
            problems=sheet.problems,
        )

    def listed(self) -> Iterator[tuple[str, Item | Refusal]]:
        """The rows that tables within HTML pages list."""
        for file in list(self.files.pages.values()):
            if not file.is_html or file.entry.name in self.taken:
                continue
            sheet = self.sheet(file)
            if isinstance(sheet, Refusal):
                continue  # told when the page itself is read
            for listing in sheet.listings:
                yield from self.rows(listing, Pages.listed(listing, file, self.files, self), file.entry)

    def pages(self) -> Iterator[tuple[str, Item | Refusal]]:
        """What is left: pages that are no rows, and rows whose table isn't part of the export."""
        for folder, files in self.files.by_folder.items():
            left = [file for file in files if file.entry.name not in self.taken]
            sample = [sheet for sheet in Pages.of(left, self).sample() if sheet.cells]
            table = (
                listed_table(Listing(name=table_name(folder) or "rows"), sample, self.options, {}) if sample else None
            )
            for file in left:
                yield from self.unlisted(file, table)

    def others(self) -> Iterator[tuple[str, Item | Refusal]]:
        """Files that pages lead to are their attachments; what nothing leads to is told."""
        for file in self.files.others:
            self.take(file)
            name = file.entry.name
            if name.rpartition("/")[2] not in self.mentioned:
                yield name, Refusal(name, "It is no page or table of Notion, and no page of the export leads to it.")

    def text(self, file: File, most: int) -> str | Refusal:
        name = file.entry.name
        try:
            data = file.entry.read(most)
        except Damaged as error:
            return Refusal(name, str(error))
        except OSError as error:
            return Refusal(name, f"It can't be opened: {error.strerror or 'unknown reason'}.")
        return decode(data)[0] if data.strip() else Refusal(name, "The file is empty.")

    def sheet(self, file: File, names: tuple[str, ...] = ()) -> Sheet | Refusal:
        text = self.text(file, MOST_PAGE)
        if isinstance(text, Refusal):
            return text
        try:
            sheet = html_pages.sheet(text) if file.is_html else markdown.row_sheet(text, names)
        except html_pages.NotAPage as error:
            return Refusal(file.entry.name, str(error))
        self.mentioned.update(map(base_name, sheet.targets))
        return sheet


def is_database(sheet: Sheet) -> bool:
    """Nothing but tables: their rows are the items."""
    return bool(sheet.listings) and not sheet.cells and not sheet.body.strip()
