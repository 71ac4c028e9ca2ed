"""The kinds of integration there are: the only module that names them all.

The order is the order in which an export is recognised; a new kind is one more line.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from app.integrations import googlecalendar, mail, notion, slack, tables, taskwarrior, trello
from app.integrations.contract import Manifest
from app.integrations.exports.binary import BINARY, spreadsheet
from app.integrations.exports.links import declare
from app.integrations.exports.tree import GLANCED_AT, glance, opened
from app.integrations.gateways.tools import table
from app.integrations.mail import gmail

KINDS: dict[str, Manifest] = {
    manifest.kind: manifest
    for manifest in (
        gmail.MANIFEST,
        slack.MANIFEST,
        notion.MANIFEST,
        trello.MANIFEST,
        googlecalendar.MANIFEST,
        taskwarrior.MANIFEST,
        *mail.MANIFESTS,
        tables.JSON,
        tables.CSV,
    )
}

TOOLS = table(KINDS.values())
"""Every tool of a gateway that is called, by its name."""

declare(linked for manifest in KINDS.values() for linked in manifest.links)

_FOLDER = "is a folder with nothing in it of a form that is known here"
_ZIP = "is a zip archive with nothing in it that can be read"
_TEXT = "looks like text, in no form that is known here"
_TABLES = frozenset({".csv", ".tsv", ".tab", ".json", ".jsonl"})
_SAYS_NOTHING = frozenset({_FOLDER, _ZIP, BINARY, _TEXT})
"""No reason that anybody could act on: only here it helps to hear what can be read."""


class Unrecognised(ValueError):
    """No kind knows how to read what it was given. The message is a sentence for people."""


def recognise(path: Path) -> Manifest:
    """The kind that reads `path`. Raises Unrecognised, or OSError where it can't be looked at."""
    path.stat()
    for manifest in KINDS.values():
        if manifest.reader.recognises(path):
            return manifest
    why = looks_like(path)
    hints = "; ".join(manifest.file_hint for manifest in KINDS.values() if manifest.file_hint)
    raise Unrecognised(f"{path.name} {why}." + (f" Give it one of: {hints}." if why in _SAYS_NOTHING else ""))


def looks_like(path: Path) -> str:
    if path.is_dir():
        if not any(path.iterdir()):
            return "is an empty folder"
        return "is a folder of tables; import each of them by itself" if _are_tables(glance(path)) else _FOLDER
    if not path.is_file():
        return "is neither a file nor a folder"
    if not path.stat().st_size:
        return "is an empty file"
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return spreadsheet(path) or _archive(path)
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return "is a compressed file or a tar archive without a mailbox in it; unpack it first"
    return spreadsheet(path) or (BINARY if b"\0" in head else tables.why_not(path) or _TEXT)


def _archive(path: Path) -> str:
    with opened(path, GLANCED_AT) as tree:
        if tree.refusals:
            return f"looks like a zip archive, of which nothing can be read. {tree.refusals[0].why.removesuffix('.')}"
        if not tree.entries:
            return "is an empty zip archive"
        tables_only = _are_tables([entry.name for entry in tree.entries])
        return "is a zip archive of tables; unpack it and import each table" if tables_only else _ZIP


def _are_tables(names: Sequence[str]) -> bool:
    """Whether most of these files are called as tables are."""
    return sum(PurePosixPath(name).suffix.lower() in _TABLES for name in names) * 2 > len(names)
