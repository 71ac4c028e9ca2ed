"""What a message says: which of its parts are text, and what hangs on it.

text/plain is preferred over its HTML twin unless it is empty or only says that there is HTML.
Sources: RFC 2046 section 5.1.4 (alternatives), RFC 2387 (related), RFC 3676 (format=flowed).
"""

import re

from app.integrations.exports import html_text
from app.integrations.mail.mime import Part
from app.records import Attachment

MOST_TEXT = 200_000
MOST_ATTACHMENTS = 200

STUB = re.compile(
    r"(?:does not|doesn't|cannot|can't|unable to|not)\s+(?:\w+\s+){0,3}(?:support|display|view|read"
    r"|show)\b.{0,60}\bhtml"
    r"|html[- ]?(?:e-?)?(?:mail|message|format|version|enabled|capable|compatible)\b.{0,80}(?:view|reader"
    r"|client|read|support)"
    r"|view (?:this|the) (?:e-?mail|message|newsletter) (?:in|with|online|as)|(?:requires|enable) html"
    r"|this is an html|this is a multi-?part message",
    re.IGNORECASE | re.DOTALL,
)
STUB_LENGTH = 600


def readable_text(root: Part, problems: list[str]) -> str:
    """The message's own text, at most `MOST_TEXT` characters."""
    text = join(pieces(root, problems))
    if not text and (inner := next((part for part in root.walk() if part.media_type == "message/rfc822"), None)):
        text = attached_text(inner, problems)
    if len(text) > MOST_TEXT:
        problems.append(f"The text is longer than {MOST_TEXT:,} characters; the rest was left out.")
        text = text[:MOST_TEXT]
    return text.strip("\n")


def attached_text(part: Part, problems: list[str]) -> str:
    """A message that only carries another one says what that one says."""
    for inner in part.children:
        head = [
            f"{name}: {value}" for name in ("From", "Date", "Subject") if (value := inner.headers.words(name.lower()))
        ]
        return "\n".join(["-----Forwarded message-----", *head, "", join(pieces(inner, problems))])
    return ""


def join(texts: list[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def pieces(part: Part, problems: list[str], *, first: bool = True) -> list[str]:
    """The texts of `part` in order, each alternative read once."""
    if part.media_type == "multipart/alternative":
        return alternative(part, problems)
    if part.media_type == "multipart/related":
        return pieces(part.children[0], problems, first=first)
    if part.media_type.startswith("multipart/"):
        found: list[str] = []
        for child in part.children:
            if sum(map(len, found)) > MOST_TEXT:
                break
            found += pieces(child, problems, first=not found)
        return found
    if not is_text(part, first=first):
        return []
    return [text_of(part, problems)]


def alternative(part: Part, problems: list[str]) -> list[str]:
    plain = next((child for child in part.children if child.media_type == "text/plain"), None)
    text = text_of(plain, problems) if plain else ""
    if text.strip() and not (len(text) < STUB_LENGTH and STUB.search(text)):
        return [text]
    rich: list[str] = []
    for child in reversed(part.children):
        if child is not plain and (rich := pieces(child, problems)):
            break
    return rich if join(rich) else [text]


def is_text(part: Part, *, first: bool) -> bool:
    if part.media_type not in ("text/plain", "text/html", "text/enriched", "text/x-amp-html"):
        return False
    if part.disposition == "attachment":
        return False
    return first or not part.name


def text_of(part: Part, problems: list[str]) -> str:
    text = part.text(problems)
    if part.media_type == "text/plain" and not looks_like_html(text):
        return flowed(text, part.parameters) if part.parameters.get("format", "").lower() == "flowed" else text
    return html_text.to_text(text, problems)


def looks_like_html(text: str) -> bool:
    """HTML that calls itself text/plain; spam does."""
    return re.match(r"\s*(?:<!doctype html|<html[\s>])", text[:500], re.IGNORECASE) is not None


def flowed(text: str, parameters: dict[str, str]) -> str:
    """Lines that end in a space joined with the next of the same quote depth (RFC 3676)."""
    drop_space = parameters.get("delsp", "").lower() == "yes"
    paragraphs: list[tuple[int, list[str]]] = []
    open_paragraph = False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content
        if not (open_paragraph and paragraphs[-1][0] == depth and content != "-- "):
            paragraphs.append((depth, []))
        open_paragraph = content.endswith(" ") and content != "-- "
        paragraphs[-1][1].append(content[:-1] if open_paragraph and drop_space else content)
    return "\n".join(">" * depth + (" " if depth else "") + "".join(lines) for depth, lines in paragraphs)


def attachments(root: Part) -> tuple[Attachment, ...]:
    """What hangs on the message; pictures that its HTML shows inline are not counted."""
    return tuple(as_attachment(part) for part in attached(root, first=True))[:MOST_ATTACHMENTS]


def attached(part: Part, *, first: bool, related: bool = False) -> list[Part]:
    if part.media_type.startswith("multipart/"):
        related = part.media_type == "multipart/related"
        found: list[Part] = []
        for index, child in enumerate(part.children):
            leads = index == 0 or part.media_type == "multipart/alternative"
            found += attached(child, first=leads, related=related)
        return found
    return [part] if is_attachment(part, first=first, related=related) else []


def is_attachment(part: Part, *, first: bool, related: bool) -> bool:
    if part.disposition == "attachment":
        return True
    if part.media_type.startswith("image/") and ("content-id" in part.headers or related):
        return False
    if part.media_type == "message/delivery-status" or is_text(part, first=first):
        return False
    return bool(part.name) or not part.media_type.startswith("text/")


def as_attachment(part: Part) -> Attachment:
    name = part.name
    if not name and part.children:
        name = f"{part.children[0].headers.words('subject') or 'message'}.eml"[:255]
    return Attachment(name, part.media_type, part.size)
