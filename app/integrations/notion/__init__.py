"""Notion: exports in Markdown and CSV or in HTML, what its API answers as JSON, and databases pulled live (live/).

A row of a table that tracks work is a task; other rows are records, and pages are context. Everything is known by
Notion's own ids, so that a row, a link to it in Slack and the same row through the API meet in one task.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from app.integrations.contract import Manifest, Options, Table
from app.integrations.exports import tree
from app.integrations.exports.rows import zone_of
from app.integrations.exports.tree import Damaged, Tree
from app.integrations.notion import documents, html_pages
from app.integrations.notion.export import Export
from app.integrations.notion.files import JSON as JSON_SUFFIXES
from app.integrations.notion.files import is_index, named
from app.integrations.notion.live import LIVE
from app.integrations.notion.live.writing import WRITING
from app.records import Read

LIKELY = re.compile(r"\.(?:md|csv|html?|jsonl?|ndjson|zip)$", re.IGNORECASE | re.MULTILINE)
HEAD = 65_536
LOOKED_AT = 12
"""Documents that are looked into before an export is judged not to be Notion's."""
MOST_READ_FOR_TABLES = 20_000
"""Items read before a preview is shown: some seconds."""


class Reader:
    def recognises(self, path: Path) -> bool:
        """By the ids in file names, by a page's markup, or by the objects of the API."""
        if not LIKELY.search("\n".join(tree.glance(path))):
            return False
        try:
            with tree.opened(path) as found:
                return is_notion(found)
        except (Damaged, OSError):
            return False

    def read(self, path: Path, options: Options, /) -> Iterator[Read]:
        """Every page and row; see export.py. Raises OSError where `path` can't be read."""
        with tree.opened(path) as found:
            yield from export_of(path, found, options).read()


def is_notion(found: Tree) -> bool:
    looked = 0
    for file in map(named, found.entries):
        if file.own and file.suffix in ("md", "csv", "html", "htm") and not is_index(file):
            return True
        if file.suffix not in JSON_SUFFIXES and not (file.is_html and len(found.entries) == 1):
            continue
        looked += 1
        if looked > LOOKED_AT:
            return False
        try:
            with file.entry.open() as stream:
                head = stream.read(HEAD)
        except (Damaged, OSError):
            continue
        if html_pages.is_page(head) if file.is_html else documents.is_notion(head):
            return True
    return False


def export_of(path: Path, found: Tree, options: Options) -> Export:
    alone = len(found.entries) == 1 and found.entries[0].name == path.name
    return Export(found, options, zone_of(options.zone), is_archive=path.is_file() and not alone)


def tables(path: Path, options: Options) -> tuple[Table, ...]:
    """Every table that rows are read from, in the order they are met; of a very large export those of its beginning."""
    with tree.opened(path) as found:
        export = export_of(path, found, options)
        for _ in islice(export.read(), MOST_READ_FOR_TABLES):
            pass
    return export.shown.tables()


MANIFEST = Manifest(
    kind="notion",
    title="Notion",
    description="Databases and pages: pulled live, from an export, or from answers of Notion's API.",
    reader=Reader(),
    file_hint="a Notion export (the .zip as it is downloaded, or its folder), or JSON of Notion's API",
    tables=tables,
    live=LIVE,
    writing=WRITING,
)
