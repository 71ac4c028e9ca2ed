"""The header block of a message or part.

Read leniently and in one pass: a broken line costs itself, never its neighbours. Values stay bytes until asked
for, because most headers never are. Sources: RFC 5322 section 2.2, RFC 6532 (8-bit headers), RFC 2231 (parameters).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from app.integrations.exports.charset import clean, decode, decode_words

MOST_HEADERS = 3000
MOST_VALUE = 100_000
MOST_BLOCK = 1_000_000
MOST_BROKEN_LINES = 20

LINE = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)\n?")
FOLD = re.compile(rb"\r?\n[ \t]+")
BLANK = re.compile(rb"\r?\n|\Z")
BLANK_LINE = re.compile(rb"^\r?$", re.MULTILINE)
KNOWN = re.compile(
    rb"^(?:Content-[A-Za-z-]+|From|To|Cc|Bcc|Subject|Date|Message-ID|Received|MIME-Version|X-[\w-]+|Return-Path"
    rb"|Reply-To|In-Reply-To|References|Sender|Delivered-To|List-[\w-]+|Precedence|Status|Importance|Errors-To"
    rb"|User-Agent|Organization|DKIM-Signature|Envelope-To|Disposition-Notification-To)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
PARAMETER = re.compile(r";\s*([^\s=;\"]{1,100})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.DOTALL)
CONTINUED = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?\Z")


@dataclass(slots=True)
class Headers:
    """Header values by lower-case name, in the message's order."""

    values: dict[str, list[bytes]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def all(self, name: str) -> list[str]:
        """Every value of `name`, encoded words left as they are."""
        return [self._text(name, value) for value in self.values.get(name, ())]

    def get(self, name: str) -> str:
        """The first value of `name` that is not empty, "" where there is none."""
        return next((text for text in self.all(name) if text), "")

    def words(self, name: str) -> str:
        """`get` with encoded words read and whitespace folded."""
        text, note = decode_words(self.get(name))
        if note:
            self.complain(f"{name.title()}: {note}.")
        return " ".join(text.split())

    def complain(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _text(self, name: str, value: bytes) -> str:
        text, note = decode(value)
        if note:
            self.complain(f"{name.title()}: {note}.")
        return text.strip()

    def add(self, name: bytes, value: bytes) -> None:
        if b"\n" in value:
            value = FOLD.sub(b" ", value)
        self.values.setdefault(name.decode("ascii").lower(), []).append(value[:MOST_VALUE].strip())


def read_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers at `start`, and where the body begins."""
    headers = Headers()
    last = min(end, start + MOST_BLOCK)
    position, count, broken = start, 0, 0
    while position < last:
        if line := LINE.match(data, position, last):
            count += 1
            if count <= MOST_HEADERS:
                headers.add(line[1], line[2])
            position = line.end()
        elif blank := BLANK.match(data, position, last):
            position = blank.end()
            break
        elif broken < MOST_BROKEN_LINES and more_follow(data, position, last):
            broken += 1
            position = after_line(data, position, last)
            headers.complain("A broken line between the headers was left out.")
        else:
            break
    note_bounds(headers, count, position - start)
    if position >= last < end:
        position = after_block(data, position, end)
    return headers, position


def note_bounds(headers: Headers, count: int, size: int) -> None:
    if count > MOST_HEADERS:
        headers.complain(f"Only the first {MOST_HEADERS} of {count} headers were read.")
    if size >= MOST_BLOCK:
        headers.complain("Headers beyond 1 MB were left out.")


def more_follow(data: bytes, position: int, end: int) -> bool:
    """Whether known headers come before the next empty line, so that a broken line stands among headers."""
    follows = after_line(data, position, end)
    blank = BLANK_LINE.search(data, follows, end)
    return KNOWN.search(data, follows, blank.start() if blank else end) is not None


def after_line(data: bytes, position: int, end: int) -> int:
    newline = data.find(b"\n", position, end)
    return end if newline < 0 else newline + 1


def after_block(data: bytes, position: int, end: int) -> int:
    blank = re.compile(rb"\n\r?\n").search(data, position, end)
    return blank.end() if blank else end


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """``text/plain; charset=x; name*0=a`` as its main word in lower case and its parameters, read and joined."""
    main = value.partition(";")[0].strip().strip('"').lower()
    found: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, index, encoded, text in raw_parameters(value[:20_000]):
        found.setdefault(name, {}).setdefault(index, (text, encoded))
    return main, {name: joined(pieces) for name, pieces in found.items()}


def raw_parameters(value: str) -> Iterator[tuple[str, int, bool, str]]:
    for match in PARAMETER.finditer(value):
        name = CONTINUED.match(match[1].lower())
        if name is None:
            continue
        quoted = match[2]
        text = match[3].strip().strip('"') if quoted is None else re.sub(r'\\(["\\])', r"\1", quoted)
        yield name[1], int(name[2] or 0), bool(name[3]), text


def joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """One parameter from its numbered pieces (RFC 2231); encoded words inside are read too (common, if illegal)."""
    if not any(encoded for _, encoded in pieces.values()):
        return decode_words("".join(text for _, (text, _) in sorted(pieces.items())))[0].strip()
    charset, raw = "", b""
    for index, (text, encoded) in sorted(pieces.items()):
        if encoded and index == min(pieces) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)  # noqa: PLW2901 - the first piece carries charset and language
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return clean(decode(raw, charset)[0]).strip()
