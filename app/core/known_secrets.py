"""Secrets that this process knows, taken out of whatever it says: the last line, where all others were forgotten.

A composition root names them; a log line, a stranger's words that are kept or shown, and an error's sentence have them
replaced. What nobody named here, a password or a key that was just shown, has to stay out of those by itself.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "«redacted»"
_SHORTEST, _WORDS_TO = 8, 15
"""In characters: a shorter one stands in ordinary texts. Up to the second it is taken out only where it stands alone:
a password may be a word."""


class _Known:
    """Of this process."""

    def __init__(self) -> None:
        self.texts: frozenset[str] = frozenset()
        self.pattern: re.Pattern[str] | None = None


_known = _Known()


def conceal(secrets: Iterable[str]) -> None:
    """From now on these are taken out, also as they stand in JSON and in addresses."""
    texts = set(_known.texts)
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            texts |= {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
            texts |= {repr(secret)[1:-1], quote(secret), quote(secret, safe="")}
    _known.texts = frozenset(texts)
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    _known.pattern = re.compile("|".join(map(_form, longest_first))) if texts else None


def _form(text: str) -> str:
    escaped = re.escape(text)
    return escaped if len(text) > _WORDS_TO else rf"(?<![^\W_]){escaped}(?![^\W_])"


def concealed(text: str) -> str:
    """The text without them."""
    return _known.pattern.sub(HIDDEN, text) if _known.pattern is not None else text


def forget() -> None:
    """For tests, which are many processes in one."""
    _known.texts, _known.pattern = frozenset(), None
