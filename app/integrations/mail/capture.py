"""One message's bytes, held within bounds however large the message is.

Attachments' bytes are not kept: base64 runs beyond `BASE64_KEPT` are counted and left out while they stream by,
and what still exceeds `MOST_BYTES` is cut. `omissions` tells where bytes are missing, so that sizes stay right.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

BASE64_KEPT = 300_000
"""Enough for the longest text we keep, were the text itself sent as base64."""
MOST_BYTES = 8_000_000

# Possessive and only from a line's start, so that a run costs one pass, and a line of 500 MB no more than its length.
RUN = re.compile(rb"^(?:[A-Za-z0-9+/]{40,1000}+={0,2}\r?\n)++", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Captured:
    """What was kept of one message."""

    data: bytes
    omissions: tuple[tuple[int, int], ...] = ()
    """(offset in `data`, bytes left out there), ascending."""
    cut: int = 0
    """Bytes left out at the end because the message is too large."""

    def missing(self, start: int, end: int) -> int:
        """Bytes left out between two offsets of `data`, or in the line break right after them.

        That line break belongs to the delimiter, so an omission at a part's very end stands behind it.
        """
        first = bisect_left(self.omissions, (start, 0))
        return sum(count for at, count in self.omissions[first:] if at <= end + 2)


class Capture:
    """Takes a message piece by piece (whole lines, as far as lines are sane) and keeps what is bounded."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._run = 0
        self._omissions: list[tuple[int, int]] = []
        self._cut = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def feed(self, piece: bytes) -> None:
        self._size += len(piece)
        if len(self._kept) >= MOST_BYTES:
            self._cut += len(piece)
            return
        if len(self._kept) + len(piece) <= BASE64_KEPT:
            self._keep(piece)  # nearly every message: no run can be too long yet
            return
        if self._size - len(piece) <= BASE64_KEPT:
            self._run = trailing_run(self._kept)
        self._feed_large(piece)

    def _feed_large(self, piece: bytes) -> None:
        position = 0
        while position < len(piece):
            found = RUN.search(piece, position) if self._run == 0 else RUN.match(piece, position)
            start, end = found.span() if found else (len(piece), len(piece))
            if start > position:
                self._keep(piece[position:start])
            if found:
                self._keep_run(piece, start, end)
                self._run = 0 if end < len(piece) else self._run
            elif self._run:
                self._run, end = 0, position  # the run ended with the previous piece
            position = end

    def _keep_run(self, piece: bytes, start: int, end: int) -> None:
        room = max(0, BASE64_KEPT - self._run)
        middle = end if end - start <= room else piece.rfind(b"\n", start, start + room) + 1 or start
        self._run += end - start
        self._keep(piece[start:middle])
        if end > middle:
            self._omit(end - middle)

    def _keep(self, piece: bytes) -> None:
        room = max(0, MOST_BYTES - len(self._kept))
        self._kept += piece[:room]
        self._cut += max(0, len(piece) - room)

    def _omit(self, count: int) -> None:
        at = len(self._kept)
        if self._omissions and self._omissions[-1][0] == at:
            count += self._omissions.pop()[1]
        self._omissions.append((at, count))

    def done(self) -> Captured:
        """What was kept; the capture starts anew."""
        data = bytes(self._kept)
        if b"\n" not in data:
            data = data.replace(b"\r", b"\n")  # old Macintosh line ends; same length, so offsets hold
        if self._cut:
            self._omit(self._cut)  # so that an attachment that was cut still shows its size
        captured = Captured(data, tuple(self._omissions), self._cut)
        self.__init__()  # type: ignore[misc]  # the same empty state as at the start, said once
        return captured


def trailing_run(kept: bytearray) -> int:
    """Length of the base64 run at the end of `kept`."""
    size = 0
    for found in RUN.finditer(kept, max(0, len(kept) - BASE64_KEPT)):
        size = len(found[0]) if found.end() == len(kept) else 0
    return size


def capture(data: bytes) -> Captured:
    """A message that is in memory already."""
    collected = Capture()
    collected.feed(data)
    return collected.done()
