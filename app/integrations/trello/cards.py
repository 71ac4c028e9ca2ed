"""From a card as Trello answers it to an item.

What an item holds depends on the card, its board's lists and its members alone: the same card twice is the same item.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from app.integrations.exports.charset import clean
from app.integrations.exports.links import links_in
from app.integrations.exports.values import plain, status_of
from app.integrations.pulling import Answer, Json
from app.integrations.trello.asking import SERVICE, Board, Column, elements, is_set, made_at, moment, text, texts
from app.records import Item, Kept, Person, Refusal, Work

Status = Literal["open", "done", "declined"]
ID = re.compile(r"[0-9a-f]{24}")
LONGEST_TITLE, LONGEST_TEXT = 500, 200_000
COMPLETE, ARCHIVED = "complete", "archived"


@dataclass(frozen=True, slots=True)
class Card:
    """One card, checked."""

    id: str
    said: Json
    active: datetime

    @property
    def made(self) -> datetime:
        return made_at(self.id)


@dataclass(frozen=True, slots=True)
class Naming:
    """Which lists hold what is done, in the words of the settings."""

    done: tuple[str, ...] = ()
    """Empty: the lists' names decide."""
    moved_to: str = ""

    def status(self, name: str) -> Status:
        """Of the cards in a list of this name."""
        if self.moved_to and alike(name, self.moved_to):
            return "done"
        if self.done:
            return "done" if any(alike(name, each) for each in self.done) else "open"
        return status_of(name) or "open"


def alike(one: str, other: str) -> bool:
    """Whether two names of lists are the same but for case, emoji and marks."""
    return one.casefold() == other.casefold() or (plain(one) == plain(other) != "")


@dataclass(frozen=True, slots=True)
class Place:
    """What a card has to be read with: its board, the board's lists and members, and what is set."""

    board: Board
    columns: Mapping[str, Column]
    members: Mapping[str, str]
    naming: Naming

    def status(self, card: Json) -> tuple[Status, str]:
        """How the card stands, and how its board calls that: «Doing», «Doing, complete», «Ideas, archived»."""
        column = self.columns.get(text(card, "idList"))
        name = " ".join(column.name.split()) if column else ""
        said = self.naming.status(name)
        if is_set(card, "dueComplete"):
            return "done", ", ".join(filter(None, (name, COMPLETE)))[:100]
        if said != "open":
            return said, name[:100]
        if is_set(card, "closed") or (column and column.closed) or self.board.closed:
            return "done", ", ".join(filter(None, (name, ARCHIVED)))[:100]
        return "open", name[:100]


def checked(answer: Answer) -> tuple[list[Card], list[Refusal]]:
    """The cards of an answer, each once, and those that can't be read. Raises Unreadable where none can."""
    found: dict[str, Card] = {}
    refused: list[Refusal] = []
    paths: list[str] = []
    for place, said in enumerate(elements(answer)):
        missing = missing_in(said)
        if not missing:
            card = card_of(said)
            found.setdefault(card.id, card)
            continue
        paths.append(f"data.details[{place}]{missing}")
        kept = Kept(answer.tool, dict(answer.arguments), paths[-1], said, whole=False)
        refused.append(
            Refusal(f"a card of {SERVICE}", f"It can't be read: {paths[-1]} is missing or of another form.", kept)
        )
    if paths and not found:
        raise answer.unreadable(paths[0], f"holds {len(paths)} cards, none of which can be read")
    return list(found.values()), refused


def missing_in(said: Any) -> str:
    """The path of the first thing that a card must hold and this doesn't; "" where all is there."""
    if not isinstance(said, dict) or not ID.fullmatch(text(said, "id").lower()):
        return ".id"
    if not isinstance(said.get("name"), str):
        return ".name"
    if not text(said, "idList"):
        return ".idList"
    return ".dateLastActivity" if moment(said.get("dateLastActivity")) is None else ""


def card_of(said: Json) -> Card:
    """Of a card that is checked."""
    active = moment(said["dateLastActivity"])
    if active is None:
        raise ValueError("a card is checked before it is opened")
    return Card(text(said, "id").lower(), said, active)


def to_item(card: Card, place: Place) -> Item:
    said, problems = card.said, list[str]()
    words = clean(text(said, "desc"))
    if len(words) > LONGEST_TEXT:
        words = words[:LONGEST_TEXT]
        problems.append(f"The description is cut off after {LONGEST_TEXT:,} characters.")
    title = " ".join(clean(text(said, "name")).split()) or "(a card without a name)"
    url = text(said, "shortUrl") or f"https://trello.com/c/{short_of(card)}"
    item = Item(
        external_id=card.id,
        sent_at=card.made,
        sender=Person(),
        subject=title[:LONGEST_TITLE],
        text=words,
        keys=(card_key(short_of(card)),),
        url=url,
        revisable=True,
        revised_at=card.active,
        links=tuple(key for key in links_in(words) if key != card_key(short_of(card))),
        work=_work(card, place, problems),
        problems=tuple(problems),
    )
    # Activity alone, as somebody's comment that was deleted again, makes no other card.
    written = repr((item.subject, item.text, item.url, item.work, item.problems))
    return replace(item, content_hash=hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:32])


def short_of(card: Card) -> str:
    return text(card.said, "shortLink") or card.id


def card_key(short: str) -> str:
    """The key under which a card, and every link to it, is known."""
    return f"trello:{short}"


def _work(card: Card, place: Place, problems: list[str]) -> Work:
    status, called = place.status(card.said)
    badges = card.said.get("badges")
    counts = badges if isinstance(badges, dict) else {}
    return Work(
        status=status,
        status_name=clean(called),
        due_at=_date(card, "due", problems),
        scheduled_at=_date(card, "start", problems),
        assignees=_assignees(card, place),
        project=clean(place.board.name)[:200],
        labels=_labels(card.said.get("labels")),
        notes=_count(counts, "comments"),
        fields=_fields(counts),
    )


def _date(card: Card, name: str, problems: list[str]) -> datetime | None:
    given = card.said.get(name)
    found = moment(given)
    if given and found is None:
        problems.append(f"Its «{name}» is «{str(given)[:60]}», which is no time.")
    return found


def _assignees(card: Card, place: Place) -> tuple[Person, ...]:
    """Those who left the board are unknown by name, and have the card no more than anybody."""
    names = (place.members.get(own, "") for own in texts(card.said.get("idMembers")))
    return tuple(Person(name=clean(name)[:200]) for name in names if name)


def _labels(given: Any) -> tuple[str, ...]:
    """By name; one without a name is known by its colour."""
    said = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    names = (" ".join(clean(text(each, "name") or text(each, "color")).split()) for each in said)
    return tuple(dict.fromkeys(name[:200] for name in names if name))


def _count(counts: Json, name: str) -> int:
    value = counts.get(name)
    return value if isinstance(value, int) and value > 0 else 0


def _fields(counts: Json) -> tuple[tuple[str, str], ...]:
    items, ticked = _count(counts, "checkItems"), _count(counts, "checkItemsChecked")
    files = _count(counts, "attachments")
    said = [("Checklists", f"{ticked} of {items} done" if items else ""), ("Attachments", str(files) if files else "")]
    return tuple((name, value) for name, value in said if value)
