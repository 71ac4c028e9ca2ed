"""The chain of hashes: what exactly is hashed, and finding the first place where it does not hold.

An entry's hash is the SHA-256, in hexadecimal, of the hash of the entry before, a line break, and the entry's JSON as
Python's `json.dumps(entry, sort_keys=True, separators=(",", ":"))` writes it, both in ASCII. The JSON holds the fields
of `FIELDS`, `at` as UTC with six digits and a Z. The first entry has the id 1, and follows 64 zeros.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "id",
    "at",
    "actor",
    "actor_name",
    "address",
    "action",
    "target",
    "changes",
    "omitted",
    "correlation_id",
)


@dataclass(frozen=True, slots=True)
class Head:
    """An entry by its id and hash. As a witness, it vouches for all entries up to it."""

    id: int
    hash: str


BEGINNING = Head(0, "0" * 64)
"""What the first entry follows."""


def written(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as it is hashed and exported, without its place in the chain."""
    return {name: _moment(entry[name]) if name == "at" else entry[name] for name in FIELDS}


def hash_of(entry: Mapping[str, Any]) -> str:
    """The hash of an entry, that holds `FIELDS` and `previous`."""
    return hashlib.sha256(f"{entry['previous']}\n{_json(written(entry))}".encode("ascii")).hexdigest()


def halves_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    """What is hashed of an entry whose id is not known yet: the JSON before the id, and behind it."""
    fields = written({**entry, "id": 0})
    first = {name: value for name, value in fields.items() if name < "id"}
    second = {name: value for name, value in fields.items() if name > "id"}
    return f'{_json(first)[:-1]},"id":', f",{_json(second)[1:]}"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
