"""The parts of a message.

Our own splitter, not `email.parser`: that one recurses for each level, looks at each line once per level and
raises on odd headers; this one is bounded in depth, parts and time. Parts are slices of the captured bytes.
Sources: RFC 2045, RFC 2046 section 5, RFC 2183.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.integrations.exports.charset import base64_bytes, decode
from app.integrations.mail.capture import Captured
from app.integrations.mail.headers import Headers, parameters, read_headers

MOST_DEPTH = 30
MOST_PARTS = 1000
MOST_DECODED = 3_000_000
"""Bytes of a part that are decoded into text; far beyond the text that is kept."""

GUESSED_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,200}|-[^\r\n]{6,200})\r?\n(?:Content-|\r?\n)", re.IGNORECASE | re.MULTILINE
)
PREAMBLE = re.compile(rb"(?:\xef\xbb\xbf|\s+|>?From (?![ \t]*:)[^\n]*\n)+")
TRANSFER = {"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue"}


@dataclass(slots=True)
class Part:
    """A message, or a part of one."""

    headers: Headers
    source: Captured
    start: int
    end: int
    default: str = "text/plain"
    children: list["Part"] = field(default_factory=list)
    media_type: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def disposition(self) -> str:
        return parameters(self.headers.get("content-disposition"))[0]

    @property
    def name(self) -> str:
        """The attachment's file name without folders, "" where it has none."""
        given = parameters(self.headers.get("content-disposition"))[1]
        name = given.get("filename") or self.parameters.get("name") or self.parameters.get("filename") or ""
        return " ".join(re.split(r"[\\/]", name)[-1].split())[:255]

    @property
    def transfer(self) -> str:
        given = self.headers.get("content-transfer-encoding").partition(";")[0].strip().strip("\"'").lower()
        return re.sub(r"quoted[ _-]*printable", "quoted-printable", given)

    @property
    def size(self) -> int:
        """Decoded size, computed from the encoded length."""
        missing = self.source.missing(self.start, self.end)
        encoded = self.end - self.start + missing
        if self.transfer != "base64":
            return encoded
        lines = self.source.data.count(b"\n", self.start, self.end) * encoded // max(1, self.end - self.start)
        padding = self.source.data[max(self.start, self.end - 4) : self.end].count(b"=")
        return max(0, (encoded - lines) * 3 // 4 - padding)

    def content(self) -> bytes:
        """Its decoded bytes, as far as text is made of them."""
        raw = self.source.data[self.start : min(self.end, self.start + MOST_DECODED)]
        if self.transfer == "base64":
            return base64_bytes(raw)
        if self.transfer == "quoted-printable":
            return binascii.a2b_qp(raw)
        if self.transfer in ("x-uuencode", "uuencode", "x-uue"):
            return uudecode(raw)
        return raw

    def text(self, problems: list[str]) -> str:
        if self.transfer not in TRANSFER and not re.match(r"[78][ -]?bits?\Z", self.transfer):
            problems.append(f"Transfer encoding “{self.transfer[:40]}” is unknown; the text is as it came.")
        text, note = decode(self.content(), self.parameters.get("charset", ""))
        if note:
            problems.append(f"Text: {note}.")
        return text

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the message's order."""
        yield self
        for child in self.children:
            yield from child.walk()


def uudecode(raw: bytes) -> bytes:
    out = bytearray()
    for line in raw.splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)


@dataclass(slots=True)
class Budget:
    """What is left of a message's bounds while its tree is read."""

    parts: int = MOST_PARTS
    problems: list[str] = field(default_factory=list)

    def complain(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def read_message(source: Captured) -> tuple[Part, list[str]]:
    """The tree of a message, and sentences about what is wrong with its structure."""
    skip = PREAMBLE.match(source.data)
    budget = Budget()
    root = read_part(source, skip.end() if skip else 0, len(source.data), budget=budget)
    return root, budget.problems


def read_part(
    source: Captured, start: int, end: int, *, budget: Budget, depth: int = 0, default: str = "text/plain"
) -> Part:
    headers, body = read_headers(source.data, start, end)
    part = Part(headers, source, body, end, default)
    part.media_type, part.parameters = media_type(headers, default)
    if part.media_type.startswith("multipart/"):
        part.children = read_children(part, budget, depth)
    elif part.media_type in ("message/rfc822", "message/global"):
        part.children = read_attached(part, budget, depth)
    return part


def media_type(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """The first Content-Type that makes sense; mail with several exists."""
    for value in headers.all("content-type"):
        main, given = parameters(value)
        if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}", main):
            return main, given
        if main in ("text", "html", "multipart"):
            return {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}[main], given
    return default, {}


def read_children(part: Part, budget: Budget, depth: int) -> list[Part]:
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    data, start, end = part.source.data, part.start, part.end
    spans = list(split(data, boundary, start, end, budget)) if boundary else []
    if not spans and (guess := GUESSED_BOUNDARY.search(data, start, min(end, start + 4000))):
        spans = list(split(data, guess[1].rstrip(), start, end, budget))
        budget.complain("The boundary between the parts was not declared rightly; it was found in the text.")
    if not spans or depth >= MOST_DEPTH:
        budget.complain(
            "Parts are nested too deep; the innermost were not read."
            if spans
            else "The parts of the message could not be told apart; all is read as one text."
        )
        part.media_type = "application/octet-stream" if spans else "text/plain"
        return []
    default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
    return [read_part(part.source, *span, budget=budget, depth=depth + 1, default=default) for span in spans]


def read_attached(part: Part, budget: Budget, depth: int) -> list[Part]:
    """The message inside. An encoded one (forbidden, and seen) stays an attachment without a look inside."""
    if part.transfer in ("base64", "quoted-printable") or depth >= MOST_DEPTH or budget.parts <= 0:
        return []
    budget.parts -= 1
    skip = PREAMBLE.match(part.source.data, part.start, part.end)
    start = skip.end() if skip else part.start
    return [read_part(part.source, start, part.end, budget=budget, depth=depth + 1)]


def split(data: bytes, boundary: bytes, start: int, end: int, budget: Budget) -> Iterator[tuple[int, int]]:
    """Where each part between the delimiter lines begins and ends; an unclosed last part ends with its parent."""
    opened = -1
    for line, after, final in delimiters(data, b"--" + boundary, start, end):
        if opened >= 0:
            yield opened, max(opened, line - 1 - (data[line - 2 : line - 1] == b"\r"))
        opened = -1 if final else after
        if final:
            return
        budget.parts -= 1
        if budget.parts < 0:
            budget.complain(f"Only the first {MOST_PARTS} parts were read.")
            return
    if opened >= 0:
        yield opened, end


def delimiters(data: bytes, mark: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(where the line begins, where the next begins, whether it closes) of each delimiter line."""
    at = data.find(mark, start, end)
    while at >= 0:
        after = at + len(mark)
        newline = data.find(b"\n", after, min(end, after + 200))
        rest = data[after : newline if newline >= 0 else min(end, after + 200)].strip()
        if (at == start or data[at - 1 : at] == b"\n") and rest in (b"", b"--"):
            yield at, newline + 1 if newline >= 0 else end, rest == b"--"
        at = data.find(mark, after, end)
