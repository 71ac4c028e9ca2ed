"""The JSON in the files of an export, as far as it can be read.

A file that breaks off keeps the complete objects before the break; what is lost is said in a sentence.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from app.integrations.exports.charset import decode
from app.integrations.exports.json_values import LENIENT, decoded, flattened, too_deep
from app.integrations.exports.tree import Damaged, Entry

BLOCK = 256 * 1024
MOST = 128 * 1024 * 1024
"""Bytes of one file that are read: a busy channel's day has a few of these millions."""
HEAD = 64 * 1024

SPACE = re.compile(r"[\s,]*")
MESSAGES = re.compile(r'"messages"\s*:\s*\[')


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds. `trouble` says what is lost, `note` what had to be guessed; both are sentences or empty."""

    value: Any = None
    trouble: str = ""
    note: str = ""


def parsed(entry: Entry) -> Parsed:
    """Never raises."""
    data, trouble = content(entry)
    if not data.strip():
        return Parsed(trouble=trouble or "The file is empty.")
    text, note = characters(data)
    try:
        value, lost = decoded(text.strip(), LENIENT)
        return Parsed(value, trouble or (too_deep(lost) if lost else ""), note)
    except ValueError:
        value, missing = salvaged(flattened(text)[0])
        return Parsed(value, trouble or missing, note)


def content(entry: Entry) -> tuple[bytes, str]:
    """The bytes up to where they can't be read any further, and why not."""
    parts: list[bytes] = []
    size = 0
    try:
        with entry.open() as stream:
            while block := stream.read(BLOCK):
                parts.append(block)
                size += len(block)
                if size > MOST:
                    return b"", f"The file is larger than {MOST // 1024**2} MB and was not read."
    except Damaged as error:
        return b"".join(parts), str(error)
    except OSError as error:
        return b"".join(parts), f"It can't be read: {error.strerror or type(error).__name__}."
    return b"".join(parts), ""


def head(entry: Entry) -> str:
    """How the file begins, "" where it can't be read."""
    try:
        with entry.open() as stream:
            return characters(stream.read(HEAD))[0]
    except (Damaged, OSError):
        return ""


def characters(data: bytes) -> tuple[str, str]:
    """Text of JSON in any encoding, and a sentence where that had to be guessed."""
    encoding = json.detect_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        return data.decode(encoding, "replace").removeprefix("\ufeff"), ""
    text, note = decode(data)
    return text.removeprefix("\ufeff"), f"In this file, {note}." if note else ""


def salvaged(text: str) -> tuple[list[Any] | dict[str, Any] | None, str]:
    """The complete objects of a list, or of the messages in an answer, before the place where they break off."""
    text = text.strip()
    within = MESSAGES.search(text) if text.startswith("{") else None
    if not text.startswith("[") and within is None:
        return None, "It is no JSON that can be read."
    found: list[Any] = []
    at = within.end() if within else 1
    try:
        while (at := skipped(text, at)) < len(text) and text[at] != "]":
            value, at = LENIENT.raw_decode(text, at)
            found.append(value)
    except (ValueError, RecursionError):
        pass
    lost = f"It is damaged after its entry {len(found)}; the {len(text) - at:,} characters behind it can't be read."
    return ({"ok": True, "messages": found} if within else found), lost


def skipped(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at
