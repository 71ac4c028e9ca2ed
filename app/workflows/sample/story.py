"""Reads the story: who there is, and what links to what. The texts lie beside this module, under story/."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from app.workflows.sample.times import Calendar

_FOLDER = Path(__file__).parent / "story"
_LINK = re.compile(r"\{(notion|slack):([a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Somebody in the story. `slack` is their id there, empty for those who aren't in the workspace."""

    key: str
    name: str
    address: str
    signature: str = ""
    slack: str = ""
    slack_email: bool = True
    html: bool = False
    ours: bool = False

    def __str__(self) -> str:
        return f'"{self.name}" <{self.address}>' if set(self.name) & set(",&.") else f"{self.name} <{self.address}>"


@dataclass(frozen=True, slots=True)
class Company:
    """Who takes part, by the short names that the story uses."""

    name: str
    domain: str
    workspace: str
    owner: Character
    people: Mapping[str, Character]
    places: Mapping[str, str]
    """Addresses that are no single person, as a header writes them."""

    def header(self, key: str) -> str:
        """Somebody as a mail's header names them; what is no short name is taken as it is."""
        return self.places.get(key) or (str(self.people[key]) if key in self.people else key)

    @property
    def mailboxes(self) -> list[tuple[str, str]]:
        """Name and address of each place."""
        return [parseaddr(place) for place in self.places.values()]

    @property
    def addresses(self) -> frozenset[str]:
        """Every address and id that the story brings along, as records name them."""
        found = {person.address for person in self.people.values()}
        found |= {f"slack:{person.slack.lower()}" for person in self.people.values() if person.slack}
        return frozenset(found | {address for _, address in self.mailboxes})


@dataclass(frozen=True, slots=True)
class Links:
    """Where the story's rows and threads are found, by their names in it."""

    notion: Mapping[str, str]
    slack: Mapping[str, str]

    def put(self, text: str) -> str:
        return _LINK.sub(lambda found: getattr(self, found[1])[found[2]], text)


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a text needs to be told: the days, the people, the links."""

    calendar: Calendar
    company: Company
    links: Links


@cache
def read(name: str) -> Mapping[str, Any]:
    """A part of the story, as its TOML file holds it."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def company() -> Company:
    told = read("company")
    domain = told["domain"]
    ours = {
        key: Character(
            key=key,
            name=given["name"],
            address=f"{given['name'].lower().replace(' ', '.')}@{domain}",
            signature=f"{given['name']}\n{given['title']}, {told['name']}",
            slack=given["slack"],
            ours=True,
        )
        for key, given in told["people"].items()
    }
    outside = {key: Character(key=key, **given) for key, given in told["outside"].items()}
    owner = ours[told["owner"]]
    return Company(told["name"], domain, told["workspace"], owner, {**ours, **outside}, told["places"])


def digits(name: str, length: int = 32) -> str:
    """Hex digits that are always the same for a name, where a real export has random ones."""
    return hashlib.sha256(f"larkfield/{name}".encode()).hexdigest()[:length]
