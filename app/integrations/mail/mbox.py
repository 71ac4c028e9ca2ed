"""mbox files, split while they stream by.

A "From " line separates messages only where mbox(5) allows one: at the start or after an empty line, with a
sender and a date on it. ``>From`` is unescaped as mboxrd does. Takeout writes `From 123@xxx Tue Aug 08 12:36:29
+0000 2023`. Gzipped files are read as they are.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from app.integrations.exports import limits
from app.integrations.exports.tree import Damaged, Entry
from app.integrations.mail import dates, labels
from app.integrations.mail.capture import Capture, Captured
from app.integrations.mail.labels import Marks
from app.integrations.mail.message import Delivery, to_item
from app.records import Item, Progress, Read, Refusal

BLOCK = 256 * 1024
LONGEST_LINE = 1024 * 1024

FROM_LINE = re.compile(
    rb"From (?:(?:\S{1,300}|\S{1,100} at \S{1,200})[ \t]+)?"
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?[ \t]+)"
    rb"(?:[A-Z][a-z]{2}[ \t]+\d{1,2}|\d{1,2}[ \t]+[A-Z][a-z]{2})[ \t,]+"
    rb"[^\n]{0,60}?\d{1,2}:\d\d[^\n]{0,80}(?:\r?\n|\Z)"
)
ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Bytes(Protocol):
    """An open binary file, packed or not."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one message; `opens` holds the From_ line where the message begins with this piece."""

    data: bytes
    opens: bytes | None
    done: int


def blocks(stream: Bytes) -> Iterator[bytes]:
    """The stream in blocks that end with a line, save where one line is longer than `LONGEST_LINE`."""
    carried = b""
    while block := stream.read(BLOCK):
        carried += block
        end = carried.rfind(b"\n") + 1
        if end:
            yield carried[:end]
            carried = carried[end:]
        elif len(carried) > LONGEST_LINE:
            yield carried
            carried = b""
    if carried:
        yield carried


def separators(block: bytes, tail: bytes) -> Iterator[tuple[int, int]]:
    """(begin, end) of each From_ line in `block`; `tail` is what came before it."""
    first = 0 if tail else start_of_mail(block)
    at = first if block.startswith(b"From ", first) else block.find(b"\nFrom ") + 1
    while block.startswith(b"From ", at):
        before = (tail + block[:at])[-3:] if at < 3 else block[at - 3 : at]
        stands_free = (at == first and not tail) or before.endswith((b"\n\n", b"\n\r\n"))
        if stands_free and (line := FROM_LINE.match(block, at)):
            yield at, line.end()
        at = block.find(b"\nFrom ", at) + 1
        if at == 0:
            return


def chunks(stream: Bytes) -> Iterator[Chunk]:
    tail, done = b"", 0
    for block in blocks(stream):
        position = 0 if done else start_of_mail(block)
        opens: bytes | None = None
        for begin, end in separators(block, tail):
            if begin > position or opens is not None:
                yield Chunk(unescaped(block[position:begin]), opens, done + begin)
            position, opens = end, block[begin:end]
        yield Chunk(unescaped(block[position:]), opens, done + len(block))
        tail, done = block[-3:], done + len(block)


def start_of_mail(block: bytes) -> int:
    """How many bytes at the very start are a byte order mark and empty lines."""
    return len(block) - len(block.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))


def unescaped(data: bytes) -> bytes:
    return ESCAPED.sub(rb"\1", data) if b">From " in data else data


def messages(stream: Bytes) -> Iterator[tuple[bytes, Captured, int]]:
    """(From_ line, message, bytes read so far) of each message."""
    held, opener, done = Capture(), b"", 0
    for chunk in chunks(stream):
        if chunk.opens is not None:
            if opener or len(held):
                yield opener, held.done(), done
            opener = chunk.opens
        held.feed(chunk.data)
        done = chunk.done
    if opener or len(held):
        yield opener, held.done(), done


def read_stream(stream: Bytes, name: str, marks: Marks) -> Iterator[tuple[Item | Refusal, str, int]]:
    """(what was read, its place, bytes read so far) of each message in an open mbox."""
    for number, (opener, captured, done) in enumerate(messages(stream), 1):
        place = f"{name}, message {number}"
        if not captured.data.strip():
            if opener:
                yield Refusal(place, "It is empty."), place, done
            continue
        yield to_item(captured, Delivery(arrival(opener), marks)), place, done


def arrival(opener: bytes) -> datetime | None:
    return dates.read_date(opener[5:].decode("ascii", "replace"))


def folder_marks(name: str) -> Marks:
    """An mbox named Sent, Drafts, Trash or Spam says so about its messages; any other name says nothing."""
    stem = name.rpartition("/")[2].removesuffix(".gz").removesuffix(".mbox")
    marks = labels.from_folder(stem)
    return marks if marks.meanings else Marks()


def is_mbox(head: bytes) -> bool:
    return FROM_LINE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()) is not None


def is_gzip(head: bytes) -> bool:
    return head.startswith(b"\x1f\x8b")


def head_of(file: Entry, size: int = 16_384) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped. Raises OSError, or Damaged."""
    with file.open() as raw:
        head = raw.read(size)
    if not is_gzip(head):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, size)
    except zlib.error:
        return b""


def read_mbox(file: Entry, before: int = 0, total: int | None = None) -> Iterator[Read]:
    """Every message of an mbox file. `before` and `total` place it in a larger import. Raises OSError or Damaged at
    opening."""
    with file.open() as beginning:
        packed = is_gzip(beginning.read(2))
    with ExitStack() as opened:
        raw = Counted(opened.enter_context(file.open()))
        stream = Unpacked(opened.enter_context(gzip.GzipFile(fileobj=raw)), raw) if packed else raw
        size = file.size if total is None else total
        try:
            for what, place, done in read_stream(stream, file.name, folder_marks(file.name)):
                yield Read(what, place, Progress(before + (raw.count if packed else done), size))
        except (EOFError, zlib.error, OSError, Damaged) as error:
            why = f"Reading stopped here: {reason(error)}; what comes after it is missing."
            yield Read(Refusal(file.name, why), file.name, Progress(before + raw.count, size))


class Unpacked(io.RawIOBase):
    """What a gzipped file unpacks to. Raises Damaged where that is more than any mail is packed to: a bomb."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, packed: "Counted") -> None:
        self._stream, self._packed, self._count = stream, packed, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        self._count += len(piece)
        if self._count > limits.RATIO_FROM and self._count > limits.MOST_RATIO * self._packed.count:
            raise Damaged(f"It unpacks to more than {limits.MOST_RATIO} times its size: a bomb.")
        if self._count > limits.MOST_TOTAL:
            raise Damaged(f"It unpacks to more than {limits.MOST_TOTAL:,} bytes.")
        return piece


class Counted(io.RawIOBase):
    """A file that is read forward, and how many bytes were read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        self.count += len(piece)
        return piece


def reason(error: Exception) -> str:
    """The error as a clause for people, without a full stop."""
    if isinstance(error, Damaged):
        sentence = str(error).removesuffix(".")
        return sentence[:1].lower() + sentence[1:]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the compressed file is damaged or cut off"
