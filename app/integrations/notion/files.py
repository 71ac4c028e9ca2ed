"""The files of an export by what they are, told by their names: «Tasks <id>.csv», «Tasks <id>_all.csv»,
«Tasks <id>/Write the report <id>.md». Folders carry their id in older exports only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.integrations.exports.tree import Entry

NAME = re.compile(
    r"(?:(?P<folder>.*)/)?(?P<base>[^/]*?)(?:[ _-]?(?<![0-9a-fA-F])(?P<own>[0-9a-fA-F]{32}))?(?P<all>_all)?"
    r"\.(?P<suffix>md|markdown|csv|html|htm|json|jsonl|ndjson)",
    re.IGNORECASE | re.DOTALL,
)
FOLDER_ID = re.compile(r"[ _-]?[0-9a-fA-F]{32}\Z")
PAGES, JSON = {"md", "markdown", "html", "htm"}, {"json", "jsonl", "ndjson"}


@dataclass(frozen=True, slots=True)
class File:
    """One file of an export and what its name says."""

    entry: Entry
    folder: str
    base: str
    own: str = ""
    """The id in its name."""
    suffix: str = ""
    whole: bool = False
    """The twin of a table's file that holds all rows and columns, not only a view's."""

    @property
    def is_html(self) -> bool:
        return self.suffix in ("html", "htm")

    @property
    def folders(self) -> tuple[str, ...]:
        """Where what belongs to it lies."""
        above = f"{self.folder}/" if self.folder else ""
        return tuple(dict.fromkeys(above + name for name in (f"{self.base} {self.own}".strip(), self.base)))


@dataclass(slots=True)
class Files:
    """All files of an export."""

    tables: list[tuple[File, ...]] = field(default_factory=list)
    """Each database's files, the one that holds most first."""
    pages: dict[str, File] = field(default_factory=dict)
    """By the file's path."""
    by_id: dict[str, File] = field(default_factory=dict)
    by_folder: dict[str, list[File]] = field(default_factory=dict)
    documents: list[File] = field(default_factory=list)
    others: list[File] = field(default_factory=list)
    skipped: list[File] = field(default_factory=list)
    """The list of contents that an export brings along."""
    sizes: dict[str, int] = field(default_factory=dict)


def named(entry: Entry) -> File:
    found = NAME.fullmatch(entry.name)
    if not found:
        folder, _, base = entry.name.rpartition("/")
        return File(entry, folder, base)
    return File(
        entry,
        found["folder"] or "",
        found["base"].strip(),
        (found["own"] or "").lower(),
        found["suffix"].lower(),
        bool(found["all"]),
    )


def sorted_out(entries: Iterable[Entry]) -> Files:
    """What is a page, a table, a document or something else. A file given alone needs no id in its name."""
    found = [named(entry) for entry in entries]
    alone = len(found) == 1
    folders = {folder for file in found if file.suffix == "csv" and (file.own or file.whole) for folder in file.folders}
    out = Files(sizes={file.entry.name: file.entry.size for file in found})
    tables: dict[tuple[str, str, str], list[File]] = {}
    for file in found:
        if file.suffix in JSON:
            out.documents.append(file)
        elif file.suffix == "csv" and (file.own or file.whole or alone):
            tables.setdefault((file.folder, file.base, file.own), []).append(file)
        elif file.suffix in PAGES and not is_index(file) and (file.own or alone or file.folder in folders):
            out.pages[file.entry.name] = file
            out.by_folder.setdefault(file.folder, []).append(file)
            if file.own:
                out.by_id.setdefault(file.own, file)
        else:
            (out.skipped if is_index(file) else out.others).append(file)
    out.tables = [tuple(sorted(twins, key=lambda file: not file.whole)) for twins in tables.values()]
    return out


def is_index(file: File) -> bool:
    """The list of contents that an export brings along."""
    return file.is_html and file.base.lower() == "index" and not file.own


def table_name(folder: str) -> str:
    """A folder's name as its table or page is called."""
    return FOLDER_ID.sub("", folder.rpartition("/")[2]) or folder
