"""One file of an export, and the names that files of an export may bear."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from app.integrations.exports import limits
from app.integrations.exports.charset import clean

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 256 * 1024
SYSTEM_FILES = {"thumbs.db", "desktop.ini", "icon\r"}
MESSAGE_FOLDERS = {"cur", "new"}


class Damaged(ValueError):
    """A file of the export can't be read to its end. The message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an export."""

    name: str
    """Its path inside the export, parted by «/», as clean text: «general/2018-01-02.json»."""
    size: int
    """Bytes, as declared."""
    changed_at: datetime | None
    """Aware, in UTC: the time that the folder or archive gives."""
    opener: Callable[[], BinaryIO] = field(repr=False, compare=False)
    whole: Callable[[], BinaryIO] | None = field(default=None, repr=False, compare=False)
    """Opens it as a file that can be read anywhere, where it stands in its archive as it is."""

    def open(self) -> BinaryIO:
        """The content as a stream, to be closed. Opening and reading it raise Damaged or OSError."""
        return self.opener()

    def read(self, most: int = limits.MOST_READ) -> bytes:
        """The whole content. Raises Damaged where it is longer than `most` or can't be read to its end, or OSError."""
        content = b""
        with self.open() as stream:
            while len(content) <= most and (piece := stream.read(most + 1 - len(content))):
                content += piece  # once as a rule: a second reading finds the end, or the damage behind what was read
        if len(content) > most:
            raise Damaged(f"It is larger than the {most:,} bytes that are read of such a file.")
        return content


class Streamed(io.BufferedIOBase):
    """Blocks of bytes as a file that is read forward.

    What the blocks raise, reading raises once all bytes before it have been read: go on until b"" is given.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = b""
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        """At most one block; b"" at the end."""
        while not self._held and (block := self._next()):
            self._held = block
        size = len(self._held) if size is None or size < 0 else size
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def read(self, size: int | None = -1, /) -> bytes:
        found: list[bytes] = []
        left = -1 if size is None else size
        try:
            while left and (piece := self.read1(left)):
                found.append(piece)
                left = left - len(piece) if left > 0 else left
        except (Damaged, OSError) as error:
            if not found or left < 0:
                raise
            self._error = error
        return b"".join(found)

    def _next(self) -> bytes:
        if self._error:
            raise self._error
        return next(self._blocks, b"")


class _Sized(io.RawIOBase):
    """A file of a known size. `piece` gives at most so many bytes from a place in it."""

    def __init__(self, size: int, piece: Callable[[int, int], bytes]) -> None:
        self._size, self._at, self._piece = size, 0, piece

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer).cast("B")
        piece = self._piece(self._at, len(room))
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class Window(_Sized):
    """A part of a file as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        def piece(at: int, most: int) -> bytes:
            file.seek(start + at)
            return file.read(max(0, min(most, size - at)))

        super().__init__(size, piece)


class Reopened(_Sized):
    """A file that is open only while it is read, so that any number of them can be held."""

    def __init__(self, opener: Callable[[], BinaryIO], size: int) -> None:
        def piece(at: int, most: int) -> bytes:
            with opener() as file:
                file.seek(at)
                return file.read(most)

        super().__init__(size, piece)


def streamed(blocks: Iterator[bytes]) -> BinaryIO:
    return cast(BinaryIO, Streamed(blocks))


def inner_name(given: str) -> str:
    """The name that an archive gives as the path inside the export. Raises Damaged where it may not be used."""
    if "\0" in given:
        raise Damaged("Its name holds a NUL character.")
    parts = [part for part in given.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or given[:1] in ("/", "\\") or re.match(r"[A-Za-z]:", given):
        raise Damaged("Its name leads out of the archive.")
    name = "/".join(shown(part) for part in parts)
    if not name:
        raise Damaged("It has no name.")
    if len(name) > limits.MOST_NAME or len(parts) > limits.MOST_FOLDERS:
        raise Damaged(f"Its name is longer than {limits.MOST_NAME} characters or {limits.MOST_FOLDERS} folders.")
    return name


def shown(part: str) -> str:
    """One part of a name as clean text on one line."""
    return " ".join(clean(part).split("\n")).replace("\t", " ") or "_"


def is_clutter(name: str) -> bool:
    """What operating systems leave behind, and hidden files: nobody means to import them.

    A maildir's folders begin with a dot too: «.Sent/cur/1» is mail.
    """
    *folders, file = name.split("/")
    if file.startswith(".") or file.lower() in SYSTEM_FILES or "__MACOSX" in folders:
        return True
    return any(part.startswith(".") for part in folders) and folders[-1] not in MESSAGE_FOLDERS
