"""Whether a text names us: a name or handle as a word of its own, never as a part of an address."""

import re
from collections.abc import Iterator
from functools import lru_cache


def mentions(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The places where one of the names stands."""
    pattern = _pattern(names)
    if pattern is not None:
        for match in pattern.finditer(text):
            yield match.span()


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Names are settings: few, and the same for every message."""
    known = sorted({name.strip().lstrip("@") for name in names if name.strip().lstrip("@")}, key=len, reverse=True)
    if not known:
        return None
    spelled = "|".join(r"\s+".join(map(re.escape, name.split())) for name in known)
    return re.compile(rf"(?<![\w./@+-])@?(?:{spelled})(?![\w@]|\.\w)", re.IGNORECASE)
