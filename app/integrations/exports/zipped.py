"""Zip archives: the directory, and each file as a stream.

The standard library's reader gives up a whole archive over one bad record, unpacks bzip2 without a bound and (before
3.12) reads entries that overlap. Here each record and each file is judged by itself, and memory is bounded.
Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import bz2
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO

from app.integrations.exports import limits
from app.integrations.exports.entry import BLOCK, Damaged, inner_name, is_clutter, shown
from app.records import Refusal

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06")
NOT_A_ZIP = "It is truncated or not a zip: the archive's directory, which stands at its end, is missing."

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
RECORD = struct.Struct("<4s2B5H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")

STORED, DEFLATED, BZIP2 = 0, 8, 12
METHODS = {1: "shrink", 6: "implode", 9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
ENCRYPTED, STRONGLY, PATCHED, UTF_8 = 0x1, 0x40, 0x20, 0x800
AES = 99
MADE_ON_UNIX = (3, 19)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive as its directory describes it."""

    name: str
    size: int
    packed: int
    """Bytes in the archive."""
    offset: int
    """Of its local header in the file."""
    method: int
    crc: int
    changed_at: datetime | None
    number: int
    """Its place in the directory."""


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
    place = tail.rfind(b"PK\x05\x06", 0, len(tail) - END.size + 4)
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


def fault(record: Record) -> str:
    """Why a file can't be read, judged by its record; "" where nothing speaks against it."""
    kind = stat.S_IFMT(record.attributes >> 16) if record.system in MADE_ON_UNIX else 0
    if kind == stat.S_IFLNK:
        return "It is a link; links in archives are not followed."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "It is not a regular file."
    if record.flags & (ENCRYPTED | STRONGLY) or record.method == AES:
        return "It is encrypted; unpack it with its password first."
    if record.method not in (STORED, DEFLATED, BZIP2) or record.flags & PATCHED:
        name = METHODS.get(record.method, f"method {record.method}")
        return f"It is compressed in a way that can't be read here ({name}); unpack the archive first."
    if record.size > limits.RATIO_FROM and record.size > limits.MOST_RATIO * record.packed:
        return f"It would unpack to more than {limits.MOST_RATIO} times its size ({record.size:,} bytes): a zip bomb."
    return ""


def listing(file: BinaryIO, name: str) -> Iterator[Member | Refusal]:
    """Every file of the archive in the directory's order; `name` is the archive's own. Raises OSError alone."""
    try:
        start, size, shift = directory(file)
    except Damaged as error:
        yield Refusal(name, str(error))
        return
    data = at(file, start, size)
    found: list[Record] = []
    trouble = ""
    try:
        for record in records(data):
            if len(found) == limits.MOST_ENTRIES:
                trouble = f"It holds more than {limits.MOST_ENTRIES:,} files; those beyond are left out."
                break
            found.append(record)
    except Damaged as error:
        trouble = str(error)
    yield from judged(found, start, shift)
    if trouble:
        yield Refusal(name, trouble)


def judged(found: list[Record], start: int, shift: int) -> Iterator[Member | Refusal]:
    charset = charset_of([record.raw_name for record in found if not record.flags & UTF_8])
    members: list[Member] = []
    for number, short in enumerate(found):
        fields = extras(short.extra)
        record = wide(short, fields)
        given = name_of(record, fields, charset)
        if given.endswith(("/", "\\")) and not record.size:
            continue
        try:
            name = inner_name(given)
        except Damaged as error:
            yield Refusal(shown(given[: limits.MOST_NAME]), str(error))
            continue
        if is_clutter(name):
            continue
        if why := fault(record):
            yield Refusal(name, why)
            continue
        when, offset = changed_at(record, fields), record.offset + shift
        members.append(Member(name, record.size, record.packed, offset, record.method, record.crc, when, number))
    yield from apart(members, start)


def apart(members: list[Member], end: int) -> Iterator[Member | Refusal]:
    """The members but those that share bytes with another one or with the directory, as no honest archive does."""
    by_place = sorted(members, key=lambda member: (member.offset, member.packed))
    limit, overlapping = end, set()
    for member in reversed(by_place):
        if member.offset + LOCAL.size + member.packed > limit:
            overlapping.add(member.number)
        limit = min(limit, member.offset)
    for member in members:
        if member.number in overlapping:
            yield Refusal(member.name, "It overlaps with other parts of the archive, as in a zip bomb.")
        else:
            yield member


def packed_at(file: BinaryIO, member: Member) -> int:
    """Where the member's bytes begin. Raises Damaged."""
    head = at(file, member.offset, LOCAL.size)
    if len(head) < LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise Damaged("The archive is damaged: the file is not where its directory says.")
    *_, name_size, extra_size = LOCAL.unpack(head)
    return member.offset + LOCAL.size + int(name_size) + int(extra_size)


def pieces(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The packed bytes."""
    place, left = packed_at(file, member), member.packed
    while left:
        if not (piece := at(file, place, min(BLOCK, left))):
            raise Damaged("The archive is cut off within it.")
        place, left = place + len(piece), left - len(piece)
        yield piece


def inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        rest = piece
        while not unpacker.eof and (block := unpacker.decompress(rest, BLOCK)):
            yield block
            rest = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise Damaged("Its compressed bytes end too early.")


def unzipped2(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = bz2.BZ2Decompressor()
    for piece in packed:
        rest = piece
        while not unpacker.eof and (block := unpacker.decompress(rest, BLOCK)):
            yield block
            rest = b""
    if not unpacker.eof:
        raise Damaged("Its compressed bytes end too early.")


def content(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The member's bytes in blocks. Raises Damaged where they aren't what the directory says, or OSError."""
    packed = pieces(file, member)
    blocks = {DEFLATED: inflated, BZIP2: unzipped2}.get(member.method, iter)(packed)
    size = crc = 0
    try:
        for block in blocks:
            size, crc = size + len(block), zlib.crc32(block, crc)
            if size > member.size:
                raise Damaged(f"It is longer than the {member.size:,} bytes that its archive declares.")
            yield block
    except (zlib.error, EOFError, ValueError, OSError) as error:
        if isinstance(error, Damaged) or (isinstance(error, OSError) and error.errno is not None):
            raise
        raise Damaged("Its compressed bytes are damaged.") from error
    if size < member.size:
        raise Damaged(f"It ends after {size:,} of {member.size:,} bytes.")
    if crc != member.crc:
        raise Damaged("Its content is damaged: the checksum is wrong.")
