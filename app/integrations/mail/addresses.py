"""Address lists: From, To, Cc and the rest.

A scanner of its own: `email.headerregistry` raises on real headers (group lists, stray quotes) and
`email.utils.getaddresses` empties the whole list when one entry is odd. Here an odd entry costs itself.
Sources: RFC 5322 sections 3.4 and 4.4.
"""

import re
from dataclasses import dataclass, field

from app.integrations.exports.charset import decode_words
from app.records import Person

MOST_PEOPLE = 500

TOKEN = re.compile(
    r"(?P<word>=\?[^\s?]{1,90}\?[bBqQ]\?[^?\s]*\?=)"
    r"|\"(?P<quoted>(?:[^\"\\]|\\.)*)\"?"
    r"|<(?P<angle>[^<>]*)>?"
    r"|(?P<mark>[(),;:])"
    r"|(?P<atom>[^\s\"<(),;:]+|[<>])",
    re.DOTALL,
)
COMMENT = re.compile(r"\([^()]*\)")
ADDRESS = re.compile(r"[^\s@<>\"]{1,200}@[^\s@<>\"]{1,200}")


@dataclass(slots=True)
class Entry:
    """One mailbox while it is being read."""

    words: list[str] = field(default_factory=list)
    angle: str | None = None
    comment: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.words or self.angle is not None or self.comment)

    def person(self) -> Person | None:
        words, address = self.words, ""
        if self.angle is not None:
            address = as_address(self.angle)
        if not address:
            bare = next((word for word in words if ADDRESS.search(word)), "")
            address = as_address(bare)
            words = [word for word in words if word != bare] if address else words
        name = phrase(words) or (phrase(self.comment) if address else "")
        if not address and not name and self.angle:
            name = phrase([self.angle])
        if name.lower() == address:
            name = ""
        if not address and name.lower().startswith("undisclosed"):
            name = ""
        return Person(name[:200], address) if name or address else None


def phrase(words: list[str]) -> str:
    text = " ".join(decode_words(" ".join(words))[0].split()).strip("'\" ")
    return re.sub(r"\s+([,.;])", r"\1", text)


def as_address(text: str) -> str:
    """The address in `text` in lower case, "" where there is none."""
    text = COMMENT.sub("", COMMENT.sub("", text)) if "(" in text else text
    text = text.rpartition(":")[2] if ":" in text else text  # routes and mailto:
    found = ADDRESS.search(text.replace(" ", "")[:1000])
    return found[0].strip(".,;'[]()").lower() if found else ""


def people(text: str) -> tuple[Person, ...]:
    """Everybody named in an address list, in its order; at most `MOST_PEOPLE`."""
    found: list[Person] = []
    entry, waiting = Entry(), Entry()
    depth = 0
    for token in TOKEN.finditer(text):
        mark = token["mark"]
        if depth:
            depth = within_comment(token, mark, depth, entry)
        elif mark == "(":
            depth = 1
        elif mark == ":":
            start_of_group(entry)
        elif mark in (",", ";"):
            waiting = close(entry, waiting, found, comma=mark == ",")
            entry = Entry()
        elif mark is None:
            take(token, entry)
        if len(found) >= MOST_PEOPLE:
            return tuple(found)
    close(entry, waiting, found, comma=False)
    return tuple(found)


def within_comment(token: re.Match[str], mark: str | None, depth: int, entry: Entry) -> int:
    if mark in ("(", ")"):
        return depth + (1 if mark == "(" else -1)
    entry.comment.append(token["quoted"] or token[0])
    return depth


def start_of_group(entry: Entry) -> None:
    """Before a colon stands a group's name (``undisclosed-recipients:;``), or ``mailto``; neither is a person."""
    if entry.angle is None:
        entry.words.clear()


def take(token: re.Match[str], entry: Entry) -> None:
    if token["angle"] is not None:
        if entry.angle is None or not as_address(entry.angle):
            entry.angle = token["angle"]
    elif token["quoted"] is not None:
        entry.words.append(token["quoted"].replace('\\"', '"').replace("\\\\", "\\"))
    elif token["atom"] and token["atom"].startswith("@") and entry.words:
        entry.words[-1] += token["atom"]  # "quoted local part"@example.com, or a space before the @
    elif token[0] not in ("<", ">"):
        entry.words.append(token[0])


def close(entry: Entry, waiting: Entry, found: list[Person], *, comma: bool) -> Entry:
    """Ends an entry. Returns what waits: ``Doe, Jane <jane@…>`` has an unquoted comma inside its name."""
    if waiting and entry.angle is not None and entry.words:
        entry.words = [*waiting.words, ",", *entry.words]
        waiting = Entry()
    if waiting and (person := waiting.person()):
        found.append(person)
    person = entry.person()
    if comma and person and not person.address and not entry.comment:
        return entry
    if person:
        found.append(person)
    return Entry()


def bare_addresses(values: list[str]) -> tuple[str, ...]:
    """The addresses alone, each once."""
    named = (person.address for value in values for person in people(value))
    return tuple(dict.fromkeys(address for address in named if address))
