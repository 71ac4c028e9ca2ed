"""The directory of a zip archive, record by record, as far as it can be read.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO

from app.integrations.exports import limits
from app.integrations.exports.entry import Damaged

NOT_A_ZIP = "It is truncated or not a zip: the archive's directory, which stands at its end, is missing."

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
RECORD = struct.Struct("<4s2B5H3L5H2L")

UTF_8 = 0x800


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the directory as it stands there."""

    raw_name: bytes
    extra: bytes
    system: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    attributes: int
    offset: int


def at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def directory(file: BinaryIO) -> tuple[int, int, int]:
    """(where the directory begins, its size, how far all offsets are shifted by what precedes the archive).

    Raises Damaged where there is none.
    """
    length = file.seek(0, 2)
    tail = at(file, max(0, length - 65_557), 65_557)
    place = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - END.size + 4))
    if place < 0:
        raise Damaged(NOT_A_ZIP if length else "The file is empty.")
    end = length - len(tail) + place
    _, _, _, _, _, size, offset, _ = END.unpack_from(tail, place)
    if place >= LOCATOR_64.size and tail.startswith(b"PK\x06\x07", place - LOCATOR_64.size):
        end, size, offset = wide_end(file, end)
    start = end - size
    if start < 0 or (size and at(file, start, 4) != b"PK\x01\x02"):
        start = offset
    if size and (start + size > length or at(file, start, 4) != b"PK\x01\x02"):
        raise Damaged(NOT_A_ZIP)
    if size > limits.MOST_DIRECTORY:
        raise Damaged(f"The archive's directory is larger than {limits.MOST_DIRECTORY:,} bytes.")
    return start, size, max(0, start - offset)


def wide_end(file: BinaryIO, end: int) -> tuple[int, int, int]:
    """(place, size and offset of the directory) as the zip64 end record says. Raises Damaged."""
    _, _, where, _ = LOCATOR_64.unpack(at(file, end - LOCATOR_64.size, LOCATOR_64.size))
    for place in (end - LOCATOR_64.size - END_64.size, where):
        if 0 <= place <= end - END_64.size and at(file, place, 4) == b"PK\x06\x06":
            found = END_64.unpack(at(file, place, END_64.size))
            return place, found[8], found[9]
    raise Damaged(NOT_A_ZIP)


def records(data: bytes) -> Iterator[Record]:
    """The records of a directory, up to the first place that is none: raises Damaged there."""
    place = 0
    while place < len(data):
        if not data.startswith(b"PK\x01\x02", place) or place + RECORD.size > len(data):
            raise Damaged("The archive's directory is damaged; the files it names from there on are missing.")
        found = RECORD.unpack_from(data, place)
        name_size, extra_size, note_size = found[11:14]
        name = data[place + RECORD.size : place + RECORD.size + name_size]
        extra = data[place + RECORD.size + name_size : place + RECORD.size + name_size + extra_size]
        place += RECORD.size + name_size + extra_size + note_size
        system, flags, method, time, date, crc, packed, size = found[2], *found[4:11]
        yield Record(name, extra, system, flags, method, time, date, crc, packed, size, found[16], found[17])


def extras(data: bytes) -> dict[int, bytes]:
    """The extra fields by their id, as far as they can be told apart."""
    found: dict[int, bytes] = {}
    place = 0
    while place + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, place)
        found.setdefault(kind, data[place + 4 : place + 4 + size])
        place += 4 + size
    return found


def wide(record: Record, fields: dict[int, bytes]) -> Record:
    """The record with its 64-bit sizes, where it has them."""
    place, values = 0, {}
    for name in ("size", "packed", "offset"):
        if getattr(record, name) == 0xFFFFFFFF and len(fields.get(1, b"")) >= place + 8:
            values[name] = struct.unpack_from("<Q", fields[1], place)[0]
            place += 8
    return replace(record, **values)


def changed_at(record: Record, fields: dict[int, bytes]) -> datetime | None:
    """The extended time stamp, which is UTC; else the DOS time, which names no zone and is taken as UTC."""
    stamp = fields.get(0x5455, b"")
    try:
        if len(stamp) >= 5 and stamp[0] & 1:
            return datetime.fromtimestamp(struct.unpack_from("<i", stamp, 1)[0], UTC)
        day, time = record.date, record.time
        moment = time >> 11, time >> 5 & 63, (time & 31) * 2
        return datetime((day >> 9) + 1980, day >> 5 & 15, day & 31, *moment, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def charset_of(names: list[bytes]) -> str:
    """How names without a declared charset are to be read: what all of them allow, and looks like a language."""
    strange = [name for name in names if not name.isascii()]
    for charset in ("utf-8", "cp932"):
        try:
            texts = [name.decode(charset) for name in strange]
        except UnicodeError:
            continue
        if charset == "utf-8" or all(any("\u3041" <= c <= "\u9fff" for c in text) for text in texts):
            return charset
    return "cp437"


def name_of(record: Record, fields: dict[int, bytes], charset: str) -> str:
    path = fields.get(0x7075, b"")
    if len(path) > 5 and struct.unpack_from("<L", path, 1)[0] == zlib.crc32(record.raw_name):
        return path[5:].decode("utf-8", "replace")
    if record.flags & UTF_8:
        charset = "utf-8"
    return record.raw_name.decode(charset, "replace")
