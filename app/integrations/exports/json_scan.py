"""The objects of a JSON file one at a time, in memory bounded by the largest of them.

Understood are a list of objects, an object that holds lists somewhere within objects ({"data": {"issues": [...]}}), and
one object after the other (JSON lines). `scan` walks through the file once.
"""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.integrations.exports.file_charset import charset_of

BLOCK = 1 << 18
LARGEST = 16 << 20
"""Characters of one object."""
DEEPEST = 8
"""Objects within objects until the lists."""

_SPACE = " \t\r\n,\x1e"
_END = "}]"


class Broken(ValueError):
    """From here on the file can't be read as JSON. The message says why, as a clause."""


@dataclass(frozen=True, slots=True)
class Found:
    """One element of a list, or an object that stands by itself."""

    path: tuple[str, ...]
    """The names under which its list stands; () at the top."""
    value: Any
    done: int
    """Bytes read so far."""


def scan(path: Path, *, lines: bool, largest: int = LARGEST) -> Iterator[Found]:
    """Every element of every list that stands at the top or within objects, and with `lines` every object at the top.

    Raises Broken behind the last that can be read, and OSError; with `lines`, a line that is no JSON comes as a Broken
    in its place, and the next is read.
    """
    with path.open("rb") as file:
        text = _Text(file, charset_of(path).name, largest)
        while mark := text.peek():
            if mark == "[" and not lines:
                yield from _elements(text, ())
            elif mark == "{" and not lines:
                yield from _within(text, ())
            else:
                yield Found((), text.value_or_line() if lines else text.value(), text.done)


class _Text:
    """What is read of a file and not yet used up."""

    def __init__(self, file: BinaryIO, charset: str, largest: int) -> None:
        name = "utf-8-sig" if charset == "utf-8" else charset
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._file, self._largest = file, largest
        self._buffer, self._at, self._ended = "", 0, False
        self._json = json.JSONDecoder()
        self.done = 0

    def _more(self, size: int = BLOCK) -> bool:
        block = self._file.read(size)
        self.done += len(block)
        self._ended = not block
        self._buffer = self._buffer[self._at :] + self._decoder.decode(block, self._ended)
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """The next character that means something, "" at the end. Commas mean nothing here."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self) -> None:
        self._at += 1

    def value_or_line(self) -> Any:
        """The value that begins here; a Broken, behind its line, where there is none."""
        try:
            return self.value()
        except Broken as error:
            while (end := self._buffer.find("\n", self._at)) < 0:
                self._at = len(self._buffer)
                if not self._more():
                    return error
            self._at = end + 1
            return error

    def value(self) -> Any:
        """The value that begins here. Raises Broken."""
        size = BLOCK
        while True:
            try:
                value, end = self._json.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise Broken("objects are nested too deep") from error
            except ValueError as error:
                if len(self._buffer) - self._at > self._largest:
                    raise Broken("one object is too large, or it is no JSON") from error
                if not self._more(size):
                    raise Broken("it is cut off here, or it is no JSON") from error
                size *= 2  # so that a large object costs a few attempts, not one for each block
                continue
            if end == len(self._buffer) and isinstance(value, int | float) and self._more():
                continue  # 12 may go on as 123
            self._at = end
            return value


def _elements(text: _Text, path: tuple[str, ...]) -> Iterator[Found]:
    text.skip()
    while mark := text.peek():
        if mark in _END:
            text.skip()
            return
        yield Found(path, text.value(), text.done)
    raise Broken("the list is cut off")


def _within(text: _Text, path: tuple[str, ...]) -> Iterator[Found]:
    """The lists in an object that begins here."""
    text.skip()
    while mark := text.peek():
        if mark in _END:
            text.skip()
            return
        if mark != '"':
            raise Broken("a name is missing")
        name = str(text.value())
        if text.peek() != ":":
            raise Broken("a colon is missing")
        text.skip()
        mark = text.peek()
        if mark == "[":
            yield from _elements(text, (*path, name))
        elif mark == "{" and len(path) < DEEPEST:
            yield from _within(text, (*path, name))
        else:
            text.value()
    raise Broken("it is cut off")
