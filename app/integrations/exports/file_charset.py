"""In which charset a text file is written: one answer for the whole of it, names of columns and values alike."""

import codecs
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

BLOCK = 1 << 20


class Charset(NamedTuple):
    """A charset as Python calls it, and a sentence where it was guessed or bytes stay unread ("" where not)."""

    name: str
    note: str


UTF_8 = Charset("utf-8", "")
WINDOWS = Charset("cp1252", "The file is not valid UTF-8; all of it is read as Windows-1252.")
DAMAGED = Charset("utf-8", "The file holds bytes that are not valid UTF-8.")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def charset_of(path: Path) -> Charset:
    """Reads the file once, however often it is asked, as long as the file stays the same. Raises OSError."""
    found = path.stat()
    return _charset_of(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=16)
def _charset_of(path: Path, _size: int, _changed: int) -> Charset:
    with path.open("rb") as file:
        if file.read(2) in _WIDE:
            return Charset("utf-16", "")
        file.seek(0)
        return charset_of_bytes(iter(partial(file.read, BLOCK), b""))


def charset_of_bytes(blocks: Iterable[bytes]) -> Charset:
    """UTF-8 where all bytes are, or where more of what is beyond ASCII is than is not: that is damage."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    right = wrong = 0
    for block in blocks:
        if block.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(block)
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        damaged = len(text) - len(text.encode("utf-8", "ignore").decode())
        right, wrong = right + beyond - damaged, wrong + damaged
    wrong += len(decoder.decode(b"", final=True))
    return UTF_8 if not wrong else DAMAGED if right >= wrong else WINDOWS
