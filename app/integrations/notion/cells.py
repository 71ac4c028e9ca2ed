"""What one property of a Notion page says, whichever way it was exported.

The API gives each value with its type (https://developers.notion.com/reference/page-property-values); exports give
text. Types that are not known yet are shown by whatever they hold, so that a new one loses nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.integrations.exports.charset import clean
from app.integrations.exports.links import hex_id
from app.records import Attachment, Person

MOST_DEPTH = 6
MOST_CELL = 20_000
"""Characters of one cell that are kept; Notion itself allows 2,000 a piece of text."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value: its text for people, and what its type makes certain."""

    text: str = ""
    sort: str = ""
    """Notion's name of the type, «status»; "" where the export doesn't tell."""
    people: tuple[Person, ...] = ()
    names: tuple[str, ...] = ()
    """The options chosen, where several can be."""
    pages: tuple[str, ...] = ()
    """The ids of related pages."""
    files: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that stand behind the text."""
    problem: str = ""


@dataclass(slots=True)
class Names:
    """Names that stand elsewhere in the document, by id."""

    people: dict[str, Person] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


def a_dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def a_text(value: Any) -> str:
    """Clean text of a scalar, "" for anything else. A number without a fraction is written without one."""
    if isinstance(value, str):
        return clean(value[:MOST_CELL])
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int) and abs(value) >= 10**300:  # Python refuses to write longer ones
        return ""
    if isinstance(value, int | float):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    return ""


def an_id(value: Any) -> str:
    return (hex_id(value) or "") if isinstance(value, str) else ""


def rich(pieces: Any) -> str:
    """A rich text as people read it: formatting gone, the address of a link behind its words."""
    return "".join(rich_piece(a_dict(piece)) for piece in a_list(pieces))[:200_000]


def rich_piece(piece: Json) -> str:
    words = a_text(piece.get("plain_text")) or a_text(a_dict(piece.get("text")).get("content"))
    words = words or a_text(a_dict(piece.get("equation")).get("expression"))
    return linked(words, a_text(piece.get("href")) or a_text(a_dict(a_dict(piece.get("text")).get("link")).get("url")))


def linked(words: str, target: str) -> str:
    """«words (address)», as in mail: the words alone where they are the address or it leads nowhere outside."""
    if not re.match(r"(?:https?|mailto|notion):", target, re.IGNORECASE):
        return words
    bare = target.removeprefix("mailto:")
    said = words.strip().lower()
    if not said or bare.rstrip("/").lower().endswith(said.rstrip("/")) or said.startswith(("http:", "https:", "www.")):
        return words or bare
    return f"{words} ({bare})"


def hrefs(pieces: Any) -> Iterator[str]:
    """The addresses and page mentions of a rich text; a page's own as its id."""
    for piece in map(a_dict, a_list(pieces)):
        mention = a_dict(piece.get("mention"))
        for what in ("page", "database"):
            if found := an_id(a_dict(mention.get(what)).get("id")):
                yield f"notion:{found}"
        href = a_text(piece.get("href"))
        if href.startswith("/") and (found := an_id(href[1:].partition("?")[0].partition("#")[0])):
            yield f"notion:{found}"
        elif href:
            yield href


def person(user: Any, names: Names) -> Person:
    """A user object, with what is known of it elsewhere; without an e-mail address its id stands for one."""
    said = a_dict(user)
    known = names.people.get(an_id(said.get("id")), Person())
    address = a_text(a_dict(said.get("person")).get("email")).strip().lower()
    mark = f"notion:{an_id(said.get('id'))}" if an_id(said.get("id")) else ""
    if known.address.startswith("notion:"):
        mark, known = known.address, Person(known.name)
    return Person(a_text(said.get("name")).strip() or known.name, address or known.address or mark)


def dated(value: Any) -> str:
    """A date object as ISO text, «start → end» for a range; a time without an offset gets that of its zone."""
    said = a_dict(value)
    zone = a_text(said.get("time_zone"))
    ends = [in_zone(a_text(said.get(end)), zone) for end in ("start", "end")]
    return " → ".join(end for end in ends if end)


def in_zone(written: str, zone: str) -> str:
    if "T" not in written or not zone:
        return written
    try:
        at = datetime.fromisoformat(written)
        return written if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (ValueError, OSError, ZoneInfoNotFoundError):  # no date, or a zone nobody knows
        return written


def attached(value: Any) -> tuple[Attachment, ...]:
    """Names of a property's or block's files. Their sizes are not told."""
    return tuple(
        Attachment(a_text(file.get("name")) or file_name(file_url(file)) or "file", "application/octet-stream", 0)
        for file in map(a_dict, a_list(value))
    )


def file_url(file: Json) -> str:
    return a_text(a_dict(file.get("external")).get("url")) or a_text(a_dict(file.get("file")).get("url"))


def file_name(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2][:255]


def cell(value: Any, names: Names, depth: int = 0) -> Cell:
    """One property value of the API. Total: what isn't understood is shown as it is."""
    said = a_dict(value)
    sort = a_text(said.get("type"))
    inner = said.get(sort)
    if depth > MOST_DEPTH or inner is None:
        return Cell(sort=sort)
    if sort in READERS:
        return replace(READERS[sort](inner, names), sort=sort)
    if sort == "relation":
        return relation(said, names)
    if sort == "formula":
        found = cell(inner, names, depth + 1)
        return replace(found, sort=f"formula {found.sort}")
    if sort == "rollup":
        return rollup(inner, names, depth)
    return Cell(text=shown(inner), sort=sort)


def relation(said: Json, names: Names) -> Cell:
    pages = tuple(found for page in a_list(said.get("relation")) if (found := an_id(a_dict(page).get("id"))))
    text = ", ".join(names.titles.get(page) or page for page in pages)
    more = said.get("has_more") is True
    problem = f"names more rows than the {len(pages)} that the document holds" if more else ""
    return Cell(text=text, sort="relation", pages=pages, problem=problem)


def rollup(inner: Any, names: Names, depth: int) -> Cell:
    if a_dict(inner).get("type") != "array":
        found = cell(inner, names, depth + 1)
        return replace(found, sort=f"rollup {found.sort}")
    parts = [cell(part, names, depth + 1) for part in a_list(a_dict(inner).get("array"))[:1000]]
    return Cell(
        text=", ".join(part.text for part in parts if part.text),
        sort="rollup array",
        people=tuple(dict.fromkeys(person for part in parts for person in part.people)),
        pages=tuple(dict.fromkeys(page for part in parts for page in part.pages)),
    )


def people(value: Any, names: Names) -> Cell:
    found = tuple(person(user, names) for user in (a_list(value) or [value]) if a_dict(user))
    found = tuple(who for who in found if who.name or who.address)
    return Cell(text=", ".join(map(str, found)), people=found)


def options(value: Any, _names: Names) -> Cell:
    chosen = tuple(name for option in a_list(value) if (name := a_text(a_dict(option).get("name"))))
    return Cell(text=", ".join(chosen), names=chosen)


def option(value: Any, _names: Names) -> Cell:
    return Cell(text=a_text(a_dict(value).get("name")))


def files(value: Any, _names: Names) -> Cell:
    found = attached(value)
    return Cell(text=", ".join(file.name for file in found), files=found)


def words(value: Any, _names: Names) -> Cell:
    return Cell(text=rich(value), links=tuple(hrefs(value)))


def scalar(value: Any, _names: Names) -> Cell:
    return Cell(text=a_text(value))


def date(value: Any, _names: Names) -> Cell:
    return Cell(text=dated(value))


def unique_id(value: Any, _names: Names) -> Cell:
    prefix, number = a_text(a_dict(value).get("prefix")), a_text(a_dict(value).get("number"))
    return Cell(text=f"{prefix}-{number}" if prefix else number)


def place(value: Any, _names: Names) -> Cell:
    said = a_dict(value)
    parts = [a_text(said.get(name)) for name in ("name", "address")]
    spot = ", ".join(a_text(said.get(name)) for name in ("lat", "lon"))
    return Cell(text=", ".join(dict.fromkeys(part for part in parts if part)) or spot.strip(", "))


def verification(value: Any, names: Names) -> Cell:
    said = a_dict(value)
    by = str(person(said.get("verified_by"), names)) if a_dict(said.get("verified_by")) else ""
    parts = [a_text(said.get("state")), f"by {by}" if by else "", dated(said.get("date"))]
    return Cell(text=" ".join(part for part in parts if part))


def button(_value: Any, _names: Names) -> Cell:
    return Cell()


def shown(value: Any, depth: int = 0) -> str:
    """Whatever a value of an unknown type holds, as text: its name or words first, else all its plain values."""
    if depth > MOST_DEPTH:
        return ""
    if isinstance(value, dict):
        for name in ("plain_text", "name", "content", "title", "value"):
            if found := a_text(value.get(name)):
                return found
        parts: list[Any] = [inner for name, inner in value.items() if name not in ("id", "type", "object", "color")]
        return ", ".join(text for part in parts[:50] if (text := shown(part, depth + 1)))
    if isinstance(value, list):
        return ", ".join(text for part in value[:50] if (text := shown(part, depth + 1)))
    return a_text(value)


READERS: dict[str, Callable[[Any, Names], Cell]] = {
    "title": words,
    "rich_text": words,
    "number": scalar,
    "select": option,
    "multi_select": options,
    "status": option,
    "date": date,
    "people": people,
    "files": files,
    "checkbox": scalar,
    "url": scalar,
    "email": scalar,
    "phone_number": scalar,
    "string": scalar,
    "boolean": scalar,
    "unique_id": unique_id,
    "created_time": scalar,
    "last_edited_time": scalar,
    "created_by": people,
    "last_edited_by": people,
    "place": place,
    "button": button,
    "verification": verification,
}
