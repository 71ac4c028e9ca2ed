"""Files of mail: one message, or a folder tree of messages and mbox files.

Each file is judged by its content. What is no mail becomes a Refusal that says why; links are not followed out
of the folder. Apple's .emlx (a length, the message, a property list) is read too.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

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
    return os.fsencode(relative).decode("utf-8", "replace")


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
        yield from guarded(path, inside(path, folder), done, total)
        done += size_of(path)


def guarded(path: Path, name: str, before: int, total: int) -> Iterator[Read]:
    try:
        yield from read_file(path, name, before, total)
    except OSError as error:
        why = f"It can't be opened: {mbox.reason(error)}."
        yield Read(Refusal(name, why), name, Progress(before, total))


def read_file(path: Path, name: str, before: int = 0, total: int | None = None) -> Iterator[Read]:
    """What one file holds. Raises OSError where it can't be opened."""
    head = mbox.head_of(path)
    size = size_of(path)
    progress = Progress(before + size, size if total is None else total)
    if not head and not size:
        yield Read(Refusal(name, "The file is empty."), name, progress)
    elif path.suffix.lower() not in MESSAGE_SUFFIXES and mbox.is_mbox(head):
        yield from mbox.read_mbox(path, name, before, total)
    elif is_message(path, head):
        yield read_message_file(path, name, progress)
    else:
        yield Read(Refusal(name, "It is not a mail message."), name, progress)


def is_message(path: Path, head: bytes) -> bool:
    if mbox.is_gzip(head):
        return False
    return bool(head.strip()) and (path.suffix.lower() in MESSAGE_SUFFIXES or looks_like_mail(head))


def read_message_file(path: Path, name: str, progress: Progress, marks: Marks = NO_MARKS) -> Read:
    """One file that is one message. Raises OSError."""
    held = Capture()
    with path.open("rb") as stream:
        length = None
        if path.suffix.lower() == ".emlx" and (first := EMLX.match(stream.read(64))):
            length = int(first[1])
            stream.seek(first.end())
        else:
            stream.seek(0)
        for block in mbox.blocks(stream) if length is None else limited(stream, length):
            held.feed(block)
        if length is not None:
            marks = marks.over(emlx_marks(stream.read(20_000)))
    captured = held.done()
    if not captured.data.strip():
        return Read(Refusal(name, "The file is empty."), name, progress)
    opener = captured.data[: captured.data.find(b"\n") + 1]
    arrived = mbox.arrival(opener) if mbox.FROM_LINE.match(opener) else None
    return Read(to_item(captured, Delivery(arrived, marks)), name, progress)


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
    """«mbox», «eml» or "": what a file, or the first mail found in a folder, looks like. Raises nothing."""
    looked = 0
    for file in files(path) if path.is_dir() else [path]:
        if isinstance(file, Refusal):
            continue
        looked += 1
        if looked > LOOKED_AT:
            break
        if found := sort_of_file(file):
            return found
    return ""


def sort_of_file(path: Path) -> str:
    try:
        head = mbox.head_of(path)
    except OSError:
        return ""
    if mbox.is_mbox(head) and path.suffix.lower() not in MESSAGE_SUFFIXES:
        return "mbox"
    return "eml" if is_message(path, head) else ""
