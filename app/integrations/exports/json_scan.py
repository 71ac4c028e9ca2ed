"""The objects of a JSON file one at a time, in memory bounded by the largest of them.

Understood are a list of objects, an object that holds lists somewhere within objects ({"data": {"issues": [...]}}), and
one object after the other (JSON lines). `scan` walks through the file once.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any, BinaryIO

from app.integrations.exports.file_charset import charset_of
from app.integrations.exports.json_values import DEEPEST as DEEP
from app.integrations.exports.json_values import STRICT, end_of, is_deep, may_go_on

BLOCK = 1 << 18
PIECE = 2048
"""Characters in which a value is looked for at first: most rows have fewer, and an error costs what was looked at."""
LARGEST = 16 << 20
"""Characters of one object."""
DEEPEST = 8
"""Objects within objects until the lists."""

_SPACE = " \t\r\n,\x1e"
_END = "}]"


MOST_SPENT = 64 << 20
"""Characters that may be read in vain in a file of lines, beside sixteen for each of its bytes."""


class Broken(ValueError):
    """From here on the file can't be read as JSON. The message says why, as a clause."""


TOO_DEEP = f"it is nested more than {DEEP} deep"


class TooDeep(Broken):
    """The value that begins here is nested too deeply to be read; it may well be JSON."""


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

    Raises Broken behind the last that can be read, and OSError. An element that is nested too deeply comes as a Broken
    in its place; with `lines`, any line that is no JSON. The next is read.
    """
    with path.open("rb") as file:
        text = _Text(file, charset_of(path).name, largest)
        while mark := text.peek():
            if mark == "[" and not lines:
                yield from _elements(text, ())
            elif mark == "{" and not lines:
                yield from _within(text, ())
            else:
                yield Found((), text.value_or_line() if lines else text.element(), text.done)


class _Text:
    """What is read of a file and not yet used up."""

    def __init__(self, file: BinaryIO, charset: str, largest: int) -> None:
        name = "utf-8-sig" if charset == "utf-8" else charset
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._file, self._largest = file, largest
        self._buffer, self._at, self._ended = "", 0, False
        self._spent = 0
        self.done = 0

    def _more(self, size: int = BLOCK) -> bool:
        if self._ended:
            return False
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
        """The value that begins here; a Broken, behind its line, where there is none. Raises Broken in the end."""
        try:
            return self.value()
        except Broken as error:
            if self._spent > MOST_SPENT + 16 * self.done:
                raise
            why = str(error)
        while (end := self._buffer.find("\n", self._at)) < 0:
            self._at = len(self._buffer)
            if not self._more():
                return Broken(why)
        self._at = end + 1
        return Broken(why)  # a new one, as that which was raised holds on to the text

    def element(self) -> Any:
        """The value that begins here; a Broken where it is nested too deeply. Raises Broken where it is no value."""
        try:
            return self.value()
        except TooDeep as error:
            why = str(error)
        size = PIECE
        while (length := end_of(piece := self._piece(size), 0)) is None:
            self._check(piece, size)
            size *= 4
        self._at += length
        return Broken(why)

    def value(self) -> Any:
        """The value that begins here. Raises Broken."""
        size = PIECE
        while True:
            piece = self._piece(size)
            try:
                value, end = STRICT.raw_decode(piece)
            except RecursionError as error:
                self._spent += len(piece)
                raise TooDeep(TOO_DEEP) from error
            except JSONDecodeError as error:
                self._spent += error.pos
                if not may_go_on(error):
                    raise Broken("it is no JSON") from error
                self._check(piece, size)
            else:
                if end < len(piece) or piece[-1] in '"}]' or len(piece) < size:  # 12 may go on as 123
                    if piece.count("[", 0, end) + piece.count("{", 0, end) > DEEP and is_deep(value):
                        raise TooDeep(TOO_DEEP)
                    self._at += end
                    return value
                self._check(piece, size)
            size *= 4  # so that a large object costs a few attempts

    def _piece(self, size: int) -> str:
        """The next characters, fewer than `size` only at the end."""
        while len(self._buffer) - self._at < size and self._more(max(BLOCK, size)):
            pass
        return self._buffer[self._at : self._at + size]

    def _check(self, piece: str, size: int) -> None:
        """Raises Broken where a longer piece can't be had."""
        if len(piece) < size:
            raise Broken("it is cut off here, or it is no JSON")
        if size > self._largest:
            raise Broken("one object is too large, or it is no JSON")


def _elements(text: _Text, path: tuple[str, ...]) -> Iterator[Found]:
    text.skip()
    while mark := text.peek():
        if mark in _END:
            text.skip()
            return
        yield Found(path, text.element(), text.done)
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
            text.element()
    raise Broken("it is cut off")
