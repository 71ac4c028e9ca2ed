"""Lines that hold what looks like a secret, as detect-secrets and our own pattern know them.

Its guesses by names («password = …») are left out: of 45 in this repository none was one, and what is random enough to
be a key is found by its entropy. Limits of entropy are detect-secrets' own defaults for hexadecimal digits, 4.5 for the
rest. Source: https://github.com/Yelp/detect-secrets
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.filters import heuristic
from detect_secrets.plugins.base import BasePlugin

_LEFT_OUT = {"KeywordDetector", "IPPublicDetector"}
_LIMITS = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}
_OUR_KEY = re.compile(r"\bwf_[0-9a-f]{12}_[A-Za-z0-9_-]{40}")
_WORTH_A_LOOK = re.compile(r"[A-Za-z0-9+/=_-]{15}|://[^\s/]*:|PRIVATE KEY")
"""Without any of these no plugin finds anything, and each costs a hundred times as much."""
_HARMLESS = (
    heuristic.is_sequential_string,
    heuristic.is_potential_uuid,
    heuristic.is_templated_secret,
    heuristic.is_not_alphanumeric_string,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What looks like a secret, never the secret."""

    path: str
    line: int
    kind: str
    digest: str
    """The first 16 digits of its SHA-256, by which the list of those that are allowed names it."""


def plugins() -> list[BasePlugin]:
    known: Mapping[str, Any] = get_mapping_from_secret_type_to_class()
    wanted = [each for each in known.values() if each.__name__ not in _LEFT_OUT]
    return [each(limit=_LIMITS[each.__name__]) if each.__name__ in _LIMITS else each() for each in wanted]


def in_files(files: Iterable[tuple[str, str]]) -> list[Found]:
    """In texts by their paths."""
    using = plugins()
    return [found for path, text in files for found in _in_text(path, text, using)]


def _in_text(path: str, text: str, using: Sequence[BasePlugin]) -> Iterator[Found]:
    for number, line in enumerate(text.splitlines(), 1):
        if not _WORTH_A_LOOK.search(line):
            continue
        for match in _OUR_KEY.findall(line):
            yield Found(path, number, "Watchfloor key", digest(match))
        for plugin in using:
            for secret in plugin.analyze_line(filename=path, line=line, line_number=number):
                value = secret.secret_value or ""
                if not any(harmless(value) for harmless in _HARMLESS):
                    yield Found(path, number, secret.type, digest(value))


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:16]
