"""Lines that hold what looks like a secret, as detect-secrets and our own pattern know them.

Its guesses by names («password = …») are left out: of 45 in this repository none was one, and what is random enough to
be a key is found by its entropy. What people choose is not: so a value is looked at by its name where that is one of
our settings' secrets, and in files of data. Limits of entropy are detect-secrets' own defaults for hexadecimal digits,
4.5 for the rest. Source: https://github.com/Yelp/detect-secrets
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.filters import heuristic
from detect_secrets.plugins.base import BasePlugin
from pydantic import SecretStr

from app.settings.known import Known

_LEFT_OUT = {"KeywordDetector", "IPPublicDetector"}
_LIMITS = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}
_OUR_KEY = re.compile(r"\bwf_[0-9a-f]{12}_[A-Za-z0-9_-]{40}")
_OWN = (
    "|".join(sorted(name.upper() for name, field in Known.model_fields.items() if field.annotation is SecretStr))
    .replace("DATABASE_URL|", "")
    .replace("RATE_LIMIT_STORE|", "")
)  # an address holds a password, which is looked at itself
_OUR_SETTING = re.compile(
    rf"(?:\b(?:{_OWN})\s*=|^\s*[\"']?(?:{_OWN})[\"']?\s*:)\s*(?P<quote>[\"']?)(?P<value>[^\s\"'#,;)}}]+)"
)
_IN_DATA = re.compile(
    r"(?i)[\"']?\b[\w-]*(?:password|passwd|secret|api[_-]?key)[\"']?\s*[:=]\s*\"(?P<value>[^\"\s]+)\""
)
_DATA = (".json", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".env")
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]*:(?P<value>[^\s/@\"'<>]+)@")
_NO_SECRET = re.compile(
    r"(?i)[^a-z0-9]*|.*(?:[<>{}$«»…*]|\.\.\.|example|canary|hunter2|change.?me|secret|passw|your|\bword\b|test|dummy|fake).*|x+|none|true|false"
)
"""What shows a form, is read from elsewhere, or says that it is none."""
_WORTH_A_LOOK = re.compile(rf"[A-Za-z0-9+/=_-]{{15}}|://[^\s/]*:|PRIVATE KEY|{_OWN}|(?i:passw|secret|api[_-]?key)")
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
        for kind, value in _by_name(path, line):
            yield Found(path, number, kind, digest(value))
        for plugin in using:
            for secret in plugin.analyze_line(filename=path, line=line, line_number=number):
                value = secret.secret_value or ""
                if not any(harmless(value) for harmless in _HARMLESS):
                    yield Found(path, number, secret.type, digest(value))


def _by_name(path: str, line: str) -> Iterator[tuple[str, str]]:
    """What people may have chosen, by the name it stands under. Not in tests, which plant false ones."""
    if path.startswith("tests/"):
        return
    looked = [("Setting", _OUR_SETTING), ("Password in an address", _IN_ADDRESS)]
    if path.endswith(_DATA):
        looked.append(("Password in data", _IN_DATA))
    for kind, pattern in looked:
        for match in pattern.finditer(line):
            expression = path.endswith(".py") and match.groupdict().get("quote") == ""
            if not expression and not _NO_SECRET.fullmatch(match["value"]):
                yield kind, match["value"]


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:16]
