"""An export as a tree of files, whether it comes as a folder, a zip archive or a single file.

Nothing is ever written under a name that an archive gives: files are streamed out of it, and an archive within an
archive is spooled to a temporary file that has no name. Everything left out is a Refusal with its reason.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from app.integrations.exports import limits, zipped
from app.integrations.exports.entry import BLOCK, Damaged, Entry, Reopened, Window, is_clutter, shown, streamed
from app.records import Refusal

__all__ = ["GLANCED_AT", "Damaged", "Entry", "Tree", "file_entry", "glance", "holds_archive", "opened"]

Found = Entry | Refusal
ARCHIVES = (".zip",)
GLANCED_AT = 64 * 1024**2
"""Bytes of an archive in the archive that are unpacked to see what names it holds."""


@dataclass(frozen=True, slots=True)
class Tree:
    """An export's plain files by name, and what of it was left out."""

    name: str
    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]
    total: int
    """Bytes of all entries, as declared: what a Progress counts against."""


@dataclass(slots=True)
class Hold:
    """What is open while a tree is read, and how much was spooled.

    All archives in the archive lie one after the other in one temporary file: an export may hold thousands of them,
    and a process only some thousand open files.
    """

    files: ExitStack
    most: int = limits.MOST_TOTAL
    """Bytes that may still be written to temporary files."""
    depth: int = limits.MOST_DEPTH
    left: int = field(default_factory=lambda: limits.MOST_ENTRIES)
    """Files that may still be found, over all archives."""
    spool: BinaryIO | None = None
    spooled: int = 0
    handles: int = 0


@contextmanager
def opened(path: Path, spooled: int = limits.MOST_TOTAL) -> Iterator[Tree]:
    """The export at `path`; its entries can be opened until the context ends. Raises OSError where `path` can't be.

    Archives in the archive may take `spooled` bytes of temporary files.
    """
    with ExitStack() as files:
        yield tree_of(path, Hold(files, spooled))


def glance(path: Path, most: int = 2000) -> tuple[str, ...]:
    """The names of at most `most` files, to recognise an export by; () where it can't be read. Reads no content,
    save that of an archive in the archive, which is small or stored as it is."""
    try:
        with ExitStack() as files:
            if path.is_dir():
                inside = (found.name for found in walked(path) if isinstance(found, Entry))
                return tuple(islice(inside, most))
            tree = tree_of(path, Hold(files, GLANCED_AT, 2))
            names = [entry.name for entry in tree.entries]
            unread = [refusal.what for refusal in tree.refusals if refusal.what.lower().endswith(ARCHIVES)]
            return tuple((names + (unread if path.name not in unread else []))[:most])
    except OSError:
        return ()


def tree_of(path: Path, hold: Hold) -> Tree:
    if path.is_dir():
        os.listdir(path)  # the folder itself must be readable; below it each loss is a Refusal
        found = list(unfolded(counted(walked(path), hold, path.name), hold, 0))
    else:
        packed = holds_archive(path)
        entry = file_entry(path, shown(os.fsencode(path.name).decode("utf-8", "replace")))
        found = list(unpacked(entry, hold, 0)) if packed or is_archive(entry) else [entry]
    return planted(path.name, found)


def planted(name: str, found: list[Found]) -> Tree:
    """The tree of what was found. Of files with one name the last one is read, as archives are updated by appending."""
    full = zipped.too_many()
    refusals = [one for one in found if isinstance(one, Refusal) and one.why != full]
    if any(isinstance(one, Refusal) and one.why == full for one in found):
        refusals.insert(0, Refusal(shown(os.fsencode(name).decode("utf-8", "replace")), full))
    entries: dict[str, Entry] = {}
    for entry in (one for one in found if isinstance(one, Entry)):
        if entry.name in entries:
            refusals.append(Refusal(entry.name, "It is in the archive more than once; only the last one is read."))
        entries[entry.name] = entry
    kept: list[Entry] = []
    total = 0
    for entry in sorted(entries.values(), key=lambda entry: entry.name):
        if total + entry.size > limits.MOST_TOTAL:
            refusals.append(Refusal(entry.name, f"With it, more than {limits.MOST_TOTAL:,} bytes would be read."))
            continue
        total += entry.size
        kept.append(entry)
    own = shown(os.fsencode(name).decode("utf-8", "replace"))
    return Tree(own, tuple(kept), tuple(bounded(refusals, own)), total)


def bounded(refusals: list[Refusal], name: str) -> list[Refusal]:
    """The first of them, and how many more there are."""
    if (more := len(refusals) - limits.MOST_REFUSALS) <= 0:
        return refusals
    last = Refusal(name, f"{more:,} more of its files are left out, for reasons like those of the others.")
    return [*refusals[: limits.MOST_REFUSALS], last]


def counted(found: Iterator[Found], hold: Hold, name: str) -> Iterator[Found]:
    """What was found, as far as files may still be found."""
    for one in found:
        if hold.left <= 0:
            yield Refusal(shown(name), zipped.too_many())
            return
        hold.left -= 1
        yield one


def walked(root: Path) -> Iterator[Found]:
    """The files below a folder by path. Links are not followed; what is hidden is passed over."""
    waiting, met = [root], 0
    while waiting:
        path = waiting.pop()
        name = os.fsencode(path.relative_to(root)).decode("utf-8", "replace")
        if (met := met + 1) > limits.MOST_LOOKED_AT:
            yield Refusal(shown(root.name), f"Only the first {limits.MOST_LOOKED_AT:,} files and folders are read.")
            return
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                if path == root or path.name != "__MACOSX":
                    waiting += sorted(path.iterdir(), reverse=True)
            elif is_clutter(name):
                continue
            elif stat.S_ISREG(mode):
                yield file_entry(path, "/".join(shown(part) for part in name.split(os.sep)))
            elif stat.S_ISLNK(mode):
                yield Refusal(shown(name), "It is a link; links are not followed.")
            else:
                yield Refusal(shown(name), "It is not a regular file.")
        except OSError as error:
            yield Refusal(shown(name), f"It can't be opened: {(error.strerror or 'unknown reason').lower()}.")


def file_entry(path: Path, name: str) -> Entry:
    found = path.stat()
    try:
        changed_at = datetime.fromtimestamp(found.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        changed_at = None
    return Entry(name, found.st_size, changed_at, partial(raw, path))


def raw(path: Path) -> BinaryIO:
    return path.open("rb")


def unfolded(found: Iterator[Found] | list[Found], hold: Hold, depth: int) -> Iterator[Found]:
    """What was found, with archives replaced by what they hold. Where there is nothing but archives, these are the
    parts of one export, and their names do not show."""
    every = list(found)
    archives = {id(one) for one in every if isinstance(one, Entry) and is_archive(one)}
    parts_only = all(isinstance(one, Refusal) or id(one) in archives for one in every)
    for one in every:
        if isinstance(one, Entry) and id(one) in archives:
            yield from (inside if parts_only else below(one.name, inside) for inside in unpacked(one, hold, depth))
        else:
            yield one


def below(name: str, found: Found) -> Found:
    if isinstance(found, Refusal):
        return found if found.what == name else Refusal(f"{name}/{found.what}", found.why)
    return Entry(f"{name}/{found.name}", found.size, found.changed_at, found.opener, found.whole)


def holds_archive(path: Path) -> bool:
    """Whether the file at `path` is a zip archive, by what it begins with. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in zipped.MAGIC


def is_archive(entry: Entry) -> bool:
    """Documents are zip archives too, but are not called so; a single file need not be called anything."""
    return entry.name.lower().endswith(ARCHIVES)


def unpacked(entry: Entry, hold: Hold, depth: int) -> Iterator[Found]:
    if depth >= hold.depth:
        yield Refusal(entry.name, f"Archives in archives are read {hold.depth} deep; unpack it first.")
        return
    if hold.left <= 0:
        yield Refusal(entry.name, zipped.too_many())
        return
    try:
        file = seekable(entry, hold)
    except (Damaged, OSError) as error:
        why = str(error) if isinstance(error, Damaged) else "It can't be opened."
        yield Refusal(entry.name, why)
        return
    yield from unfolded(members(file, entry.name, hold), hold, depth + 1)


def members(file: BinaryIO, name: str, hold: Hold) -> Iterator[Found]:
    for one in zipped.listing(file, name, hold.left):
        hold.left -= 1
        if isinstance(one, Refusal):
            yield one
        else:
            whole = partial(zipped.window, file, one) if one.method == zipped.STORED else None
            yield Entry(one.name, one.size, one.changed_at, partial(stream, file, one), whole)


def stream(file: BinaryIO, member: zipped.Member) -> BinaryIO:
    return streamed(zipped.content(file, member))


def seekable(entry: Entry, hold: Hold) -> BinaryIO:
    """The entry's content as a file that can be read anywhere, spooled where it must be. Raises Damaged or OSError."""
    file = entry.whole() if entry.whole else entry.open()
    if not file.seekable():
        with file:
            return spooled(file, hold)
    if entry.whole:
        return file
    if hold.handles >= limits.MOST_HANDLES:
        file.close()
        return cast(BinaryIO, Reopened(entry.opener, entry.size))
    hold.handles += 1
    return hold.files.enter_context(file)


def spooled(file: BinaryIO, hold: Hold) -> BinaryIO:
    """What `file` holds, behind what was spooled before."""
    if hold.spool is None:
        hold.spool = hold.files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - open as long as the tree
    start = hold.spooled
    while block := file.read(BLOCK):
        hold.spool.seek(hold.spooled)  # `file` may itself be read from the spool
        hold.spooled += len(block)
        if hold.spooled > hold.most:
            raise Damaged(f"The archives in it unpack to more than {hold.most:,} bytes.")
        hold.spool.write(block)
    return cast(BinaryIO, Window(hold.spool, start, hold.spooled - start))
