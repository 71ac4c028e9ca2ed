"""Gmail's tree of a message as the tree that the mail parser reads.

Gmail gives headers decoded, bodies free of their transfer encoding and text as UTF-8, whatever charset the headers
still name (seen with iso-8859-1). So the tree is built as if each part had come as 8-bit bytes, one after the other;
attachments, of which only the size comes, are omissions like those of capture.py.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.integrations.exports.charset import base64_bytes
from app.integrations.mail.capture import Captured
from app.integrations.mail.headers import MOST_HEADERS, Headers
from app.integrations.mail.mime import MOST_DECODED, MOST_DEPTH, MOST_PARTS, Part, media_type

NAME = re.compile(r"[!-9;-~]{1,100}")
OURS = re.compile(r"x-gmail-labels|x-gm-.*|x-?status|content-transfer-encoding")
"""Gmail itself says what is in these, or they no longer hold. A sender can write them too."""
GAP = b"\n\n\n"
"""Between parts, so that an omission belongs to one part alone (Captured.missing)."""
NOTHING = Captured(b"")
MOST_ENCODED = MOST_DECODED * 4 // 3


def headers_in(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values, those that can be read."""
    given = payload.get("headers")
    pairs = ((each.get("name"), each.get("value")) for each in _mappings(given))
    return [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]


def tree(payload: Mapping[str, Any], text: str) -> tuple[Part, list[str]]:
    """The message's parts, and sentences about what is wrong with them.

    `text` is what the gateway took for the message's text: it stands in where Gmail left a long body out.
    """
    builder = _Builder(text)
    root = builder.part(payload, 0)
    source = Captured(bytes(builder.data), tuple(builder.omissions))
    for part in root.walk():
        part.source = source
    return root, builder.problems


@dataclass(slots=True)
class _Builder:
    text: str
    data: bytearray = field(default_factory=bytearray)
    omissions: list[tuple[int, int]] = field(default_factory=list)
    parts: int = 0
    problems: list[str] = field(default_factory=list)

    def part(self, given: Mapping[str, Any], depth: int) -> Part:
        self.parts += 1
        headers = _headers(given)
        default = given["mimeType"].lower() if isinstance(given.get("mimeType"), str) else "text/plain"
        part = Part(headers, NOTHING, len(self.data), len(self.data), default)
        part.media_type, part.parameters = media_type(headers, default)
        children = list(_mappings(given.get("parts")))
        if children and depth < MOST_DEPTH:
            part.children = [self.part(child, depth + 1) for child in children if self.parts < MOST_PARTS]
            if not part.media_type.startswith("multipart/"):  # a message within the message is an attachment too
                part.start = part.end = len(self.data)
                self._left_out(part, given.get("body"))
            return part
        if part.media_type.startswith("multipart/"):
            part.media_type = "application/octet-stream" if children else "text/plain"
        self._body(part, given.get("body"))
        return part

    def _body(self, part: Part, body: Any) -> None:
        given = body if isinstance(body, Mapping) else {}
        data, is_file = given.get("data"), part.disposition == "attachment"
        if isinstance(data, str) and part.media_type.startswith(("text/", "message/")):
            self._words(part, base64_bytes(data.encode("ascii", "ignore").translate(_STANDARD)[:MOST_ENCODED]))
        elif part.media_type.startswith("text/") and given.get("size") != 0 and not is_file:
            content, self.text = self.text.encode("utf-8", "replace"), ""
            part.media_type = "text/html" if is_html(content) else "text/plain"
            self._words(part, content)
        else:
            self._left_out(part, body)

    def _words(self, part: Part, content: bytes) -> None:
        if not re.search(rb"[\x00\x1b]", content) and _is_utf8(content):
            part.parameters = part.parameters | {"charset": "utf-8"}
        self.data += content
        part.end = len(self.data)
        self.data += GAP

    def _left_out(self, part: Part, body: Any) -> None:
        size = body.get("size") if isinstance(body, Mapping) else None
        if isinstance(size, int) and size > 0:
            self.omissions.append((part.start, size))
        self.data += GAP


_STANDARD = bytes.maketrans(b"-_", b"+/")


def is_html(text: bytes) -> bool:
    return re.match(rb"\s*<(?:!doctype|html|head|body|div|p|table|span|br)\b", text[:500], re.IGNORECASE) is not None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.end == len(content) >= MOST_DECODED - 3  # cut within a character
    return True


def _headers(given: Mapping[str, Any]) -> Headers:
    headers = Headers()
    for name, value in headers_in(given)[:MOST_HEADERS]:
        if NAME.fullmatch(name) and not OURS.fullmatch(name.lower()):
            headers.add(name.encode(), re.sub(r"\r?\n(?![ \t])", " ", value).encode("utf-8", "replace"))
    filename = given.get("filename")
    if isinstance(filename, str) and filename and "content-disposition" not in headers:
        quoted = re.sub(r'(["\\])', r"\\\1", " ".join(filename.split()))
        headers.add(b"content-disposition", f'attachment; filename="{quoted}"'.encode("utf-8", "replace"))
    return headers


def _mappings(given: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in given if isinstance(each, Mapping)) if isinstance(given, list) else iter(())
