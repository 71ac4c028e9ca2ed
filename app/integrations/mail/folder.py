"""Files of mail: one message, or a folder tree or archive of messages and mbox files.

Each file is judged by its content. What is no mail becomes a Refusal that says why; links are not followed out
of the folder. Apple's .emlx (a length, the message, a property list) is read too.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from app.integrations.exports.charset import clean
from app.integrations.exports.tree import GLANCED_AT, Damaged, Entry, Tree, file_entry, holds_archive, opened
from app.integrations.mail import mbox
from app.integrations.mail.capture import Capture
from app.integrations.mail.labels import NO_MARKS, Marks
from app.integrations.mail.message import Delivery, looks_like_mail, to_item
from app.records import Progress, Read, Refusal

MESSAGE_SUFFIXES = {".eml", ".emlx"}
LOOKED_AT = 60
"""Files looked at before a folder is judged to hold no mail."""

EMLX = re.compile(rb"[ \t]*(\d{1,12})[ \t]*\r?\n")
EMLX_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,18})</integer>")


def files(folder: Path) -> Iterator[Path | Refusal]:
    """Every file below `folder` by path; what can't be looked into comes as a Refusal."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting += sorted(path.iterdir(), reverse=True)
            elif stat.S_ISREG(mode):
                yield path
            elif not stat.S_ISLNK(mode):
                yield Refusal(inside(path, folder), "It is not a regular file.")
            elif not path.resolve().is_relative_to(folder.resolve()):
                yield Refusal(inside(path, folder), "It is a link that leads out of the folder; it was not followed.")
        except OSError as error:
            yield Refusal(inside(path, folder), f"It can't be opened: {mbox.reason(error)}.")


def inside(path: Path, folder: Path) -> str:
    """The path as people see it, relative to the folder that is read; undecodable names made printable."""
    relative = path.relative_to(folder) if path != folder else Path(path.name)
    return clean(os.fsencode(relative).decode("utf-8", "replace"))


def total_size(folder: Path) -> int:
    return sum(size_of(path) for path in files(folder) if isinstance(path, Path))


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read_folder(folder: Path) -> Iterator[Read]:
    """All mail below `folder`. Raises OSError where the folder itself can't be read."""
    os.listdir(folder)  # the folder itself must be readable; below it each loss is a Refusal
    done, total = 0, total_size(folder)
    for path in files(folder):
        if isinstance(path, Refusal):
            yield Read(path, path.what, Progress(done, total))
            continue
        try:
            entry = file_entry(path, inside(path, folder))
        except OSError as error:
            name = inside(path, folder)
            yield Read(unopened(name, error), name, Progress(done, total))
            continue
        yield from guarded(entry, done, total)
        done += entry.size


def read_archive(path: Path) -> Iterator[Read]:
    """All mail in an archive. Raises OSError where the archive itself can't be read."""
    with opened(path) as tree:
        for refusal in tree.refusals:
            yield Read(refusal, refusal.what, Progress(0, tree.total))
        done = 0
        for entry in tree.entries:
            if not is_apart(entry):
                yield from guarded(entry, done, tree.total)
            done += entry.size


def is_apart(entry: Entry) -> bool:
    """Google's own index page stands beside the mail of every Takeout and is none."""
    return PurePosixPath(entry.name).name == "archive_browser.html"


def read_single(path: Path) -> Iterator[Read]:
    """What one file holds, which may be an archive. Raises OSError where it can't be opened."""
    if holds_archive(path):
        yield from read_archive(path)
        return
    try:
        yield from read_file(file_entry(path, inside(path, path)))
    except Damaged as error:
        yield Read(unopened(path.name, error), path.name)


def guarded(entry: Entry, before: int, total: int) -> Iterator[Read]:
    try:
        yield from read_file(entry, before, total)
    except (OSError, Damaged) as error:
        yield Read(unopened(entry.name, error), entry.name, Progress(before, total))


def unopened(name: str, error: OSError | Damaged) -> Refusal:
    return Refusal(name, str(error) if isinstance(error, Damaged) else f"It can't be opened: {mbox.reason(error)}.")


def read_file(file: Entry, before: int = 0, total: int | None = None) -> Iterator[Read]:
    """What one file holds. Raises OSError or Damaged where it can't be opened."""
    head = mbox.head_of(file)
    progress = Progress(before + file.size, file.size if total is None else total)
    if not head and not file.size:
        yield Read(Refusal(file.name, "The file is empty."), file.name, progress)
    elif suffix(file) not in MESSAGE_SUFFIXES and mbox.is_mbox(head):
        yield from mbox.read_mbox(file, before, total)
    elif is_message(file, head):
        yield read_message_file(file, progress)
    else:
        yield Read(Refusal(file.name, "It is not a mail message."), file.name, progress)


def suffix(file: Entry) -> str:
    return PurePosixPath(file.name).suffix.lower()


def is_message(file: Entry, head: bytes) -> bool:
    if mbox.is_gzip(head):
        return False
    return bool(head.strip()) and (suffix(file) in MESSAGE_SUFFIXES or looks_like_mail(head))


def read_message_file(file: Entry, progress: Progress, marks: Marks = NO_MARKS) -> Read:
    """One file that is one message. Raises OSError, or Damaged where not even its beginning can be read."""
    held = Capture()
    with file.open() as stream:
        first = stream.read(64)
        length, start = None, 0
        if suffix(file) == ".emlx" and (count := EMLX.match(first)):
            length, start = int(count[1]), count.end()
        rest = Again(first[start:], stream)
        trouble = ""
        try:
            for block in mbox.blocks(rest) if length is None else limited(rest, length):
                held.feed(block)
            if length is not None:
                marks = marks.over(emlx_marks(rest.read(20_000)))
        except Damaged as error:
            trouble = f"Only its beginning could be read: {mbox.reason(error)}."
    captured = held.done()
    if not captured.data.strip():
        return Read(Refusal(file.name, trouble or "The file is empty."), file.name, progress)
    opener = captured.data[: captured.data.find(b"\n") + 1]
    arrived = mbox.arrival(opener) if mbox.FROM_LINE.match(opener) else None
    item = to_item(captured, Delivery(arrived, marks))
    return Read(replace(item, problems=(*item.problems, trouble)) if trouble else item, file.name, progress)


class Again:
    """A stream with what was read of it put back in front."""

    def __init__(self, front: bytes, stream: BinaryIO) -> None:
        self._front, self._stream = front, stream

    def read(self, size: int, /) -> bytes:
        piece, self._front = self._front[:size], self._front[size:]
        return piece or self._stream.read(size)


def limited(stream: mbox.Bytes, length: int) -> Iterator[bytes]:
    while length > 0 and (block := stream.read(min(length, mbox.BLOCK))):
        length -= len(block)
        yield block


def emlx_marks(plist: bytes) -> Marks:
    """Apple Mail's flags: bit 0 read, bit 1 deleted, bit 4 flagged, bit 6 draft."""
    found = EMLX_FLAGS.search(plist)
    if not found:
        return Marks()
    flags = int(found[1])
    meanings = {name for bit, name in ((1, "trash"), (6, "draft")) if flags >> bit & 1}
    return Marks((), frozenset(meanings), not flags & 1, bool(flags >> 4 & 1))


def sort_of(path: Path) -> str:
    """«mbox», «eml» or "": what a file, or the first mail found in a folder or archive, looks like. Raises nothing."""
    try:
        if path.is_file() and holds_archive(path):
            with opened(path, GLANCED_AT) as tree:
                return sort_of_archive(tree)
        looked = files(path) if path.is_dir() else [path]
        regular = (file for file in looked if isinstance(file, Path))
        return next(filter(None, map(sort_of_path, islice(regular, LOOKED_AT))), "")
    except OSError:
        return ""


def sort_of_archive(tree: Tree) -> str:
    """An archive that holds a mailbox is one, whatever else it holds. Single messages must be half of what it holds:
    exports of other kinds may have a message attached to a page."""
    likely = sorted(tree.entries, key=lambda entry: not entry.name.lower().endswith((".mbox", ".mbox.gz")))
    sorts = [sort_of_entry(entry) for entry in likely[:LOOKED_AT] if not is_apart(entry)]
    if "mbox" in sorts:
        return "mbox"
    return "eml" if sorts and sorts.count("eml") * 2 >= len(sorts) else ""


def sort_of_path(path: Path) -> str:
    try:
        return sort_of_entry(file_entry(path, path.name))
    except OSError:
        return ""


def sort_of_entry(file: Entry) -> str:
    try:
        head = mbox.head_of(file)
    except (OSError, Damaged):
        return ""
    if mbox.is_mbox(head) and suffix(file) not in MESSAGE_SUFFIXES:
        return "mbox"
    return "eml" if is_message(file, head) else ""
