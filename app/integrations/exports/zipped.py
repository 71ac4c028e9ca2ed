"""Zip archives: what they hold, and each file as a stream.

The standard library's reader gives up a whole archive over one bad record, unpacks bzip2 without a bound and (before
3.12) reads entries that overlap. Here each record and each file is judged by itself, and memory is bounded.
"""

import bz2
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from app.integrations.exports import limits
from app.integrations.exports.entry import BLOCK, Damaged, Window, inner_name, is_clutter, shown
from app.integrations.exports.zip_directory import (
    UTF_8,
    Record,
    at,
    changed_at,
    charset_of,
    directory,
    extras,
    name_of,
    records,
    wide,
)
from app.records import Refusal

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06")
LOCAL = struct.Struct("<4s5H3L2H")

STORED, DEFLATED, BZIP2 = 0, 8, 12
METHODS = {1: "shrink", 6: "implode", 9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
ENCRYPTED, STRONGLY, PATCHED = 0x1, 0x40, 0x20
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


def too_many() -> str:
    return f"It holds more than {limits.MOST_ENTRIES:,} files; the rest is left out."


def listing(file: BinaryIO, name: str, most: int) -> Iterator[Member | Refusal]:
    """The first `most` files of the archive in the directory's order; `name` is the archive's own.

    Raises OSError alone.
    """
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
            if len(found) == most:
                trouble = too_many()
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


def window(file: BinaryIO, member: Member) -> BinaryIO:
    """A stored member as a file that can be read anywhere. Raises Damaged or OSError."""
    if member.size != member.packed:
        raise Damaged("The archive is damaged: the file's two sizes differ.")
    return cast(BinaryIO, Window(file, packed_at(file, member), member.size))
