"""The part of Gmail's search language that the stand-in understands, as a predicate over its messages.

after: before: newer_than: older_than: label: in: is: from: to: subject: has:attachment rfc822msgid:
words, "phrases", -not, (groups), {any of}, OR
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scripts.fake_composio.gmail_mail import Stored

Test = Callable[[Stored], bool]
WORD = re.compile(
    r"\s*(?:(?P<mark>[(){}])|(?P<no>-)(?=\S)|(?P<word>(?:[a-z0-9_]+:)?\"[^\"]*\"|[^\s(){}]+))", re.IGNORECASE
)
AGE = re.compile(r"(\d+)([dmyh])")
IS = {"unread": "UNREAD", "starred": "STARRED", "important": "IMPORTANT", "sent": "SENT", "chat": "CHAT"}
IN = IS | {"inbox": "INBOX", "trash": "TRASH", "spam": "SPAM", "draft": "DRAFT", "drafts": "DRAFT"}
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "m": timedelta(days=30), "y": timedelta(days=365)}


@dataclass
class Search:
    """Reads one query. What it can't understand is looked for as a word, as Gmail does."""

    labels: dict[str, str]
    """Ids by name in lower case, with spaces and slashes as hyphens."""
    now: datetime
    tokens: list[tuple[str, str]]

    @classmethod
    def of(cls, query: str, labels: dict[str, str], now: datetime) -> Test:
        tokens = [(found.lastgroup or "", found[found.lastgroup or 0]) for found in WORD.finditer(query)]
        return cls(labels, now, tokens)._group("")

    def _group(self, end: str) -> Test:
        groups: list[list[Test]] = []
        alternative = False
        while self.tokens:
            kind, text = self.tokens.pop(0)
            if kind == "mark" and text == end:
                break
            if text == "OR":
                alternative = True
                continue
            test = self._one(kind, text)
            if alternative and groups:
                groups[-1].append(test)
            else:
                groups.append([test])
            alternative = False
        if end == "}":
            return _any([test for group in groups for test in group])
        return _all([_any(group) for group in groups])

    def _one(self, kind: str, text: str) -> Test:
        if kind == "no":
            inner = self._one(*self.tokens.pop(0)) if self.tokens else _never
            return lambda mail: not inner(mail)
        if kind == "mark" and text in "({":
            return self._group(")" if text == "(" else "}")
        name, colon, value = text.partition(":")
        value = value.strip('"').lower()
        return self._operator(name.lower(), value) if colon and value else _word(text.strip('"').lower())

    def _operator(self, name: str, value: str) -> Test:
        if name in ("after", "newer", "before", "older") and (when := _instant(value)) is not None:
            return (lambda mail: mail.at >= when) if name in ("after", "newer") else (lambda mail: mail.at < when)
        if name in ("newer_than", "older_than") and (age := AGE.fullmatch(value)):
            edge = int((self.now - int(age[1]) * UNITS[age[2]]).timestamp() * 1000)
            return (lambda mail: mail.at >= edge) if name == "newer_than" else (lambda mail: mail.at < edge)
        if name in ("label", "in", "is"):
            return self._label(name, value)
        if name == "has" and value == "attachment":
            return lambda mail: bool(mail.attachments)
        if name in ("from", "to", "subject"):
            return lambda mail: value in mail.header(name).lower()
        if name == "rfc822msgid":
            return lambda mail: value.strip("<>") == mail.header("message-id").strip("<>").lower()
        return _word(f"{name}:{value}")

    def _label(self, name: str, value: str) -> Test:
        if value == "anywhere":
            return lambda _mail: True
        if name == "is" and value == "read":
            return lambda mail: "UNREAD" not in mail.labels
        label = IN.get(value) or self.labels.get(re.sub(r"[\s/]+", "-", value)) or value.upper()
        return lambda mail: label in mail.labels


def _never(_mail: Stored) -> bool:
    return False


def _word(word: str) -> Test:
    return lambda mail: word in mail.words


def _all(tests: list[Test]) -> Test:
    return lambda mail: all(test(mail) for test in tests)


def _any(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda mail: any(test(mail) for test in tests)


def _instant(value: str) -> int | None:
    """Milliseconds since 1970, of seconds or of a day."""
    if value.isdecimal():
        return int(value) * 1000
    try:
        year, month, day = (int(part) for part in re.split(r"[/-]", value))
        return int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None
