"""What the words in a table's cells mean: statuses, priorities, people, labels, yes and no.

Words are known or they are not: a status that nobody here has heard of is None, never a guess.
"""

import re
import unicodedata
from functools import lru_cache

from app.integrations.exports.value_words import (
    DECLINED_WORDS,
    DONE_WORDS,
    NOBODY,
    OPEN_WORDS,
    PRIORITY_MARKS,
    PRIORITY_WORDS,
    TRUE_WORDS,
    UNTRUE_WORDS,
    Priority,
    Status,
)
from app.records import Person

LONGEST_WORD = 200
"""Characters of a status or priority: what is longer is neither."""
LONGEST_PEOPLE = 20_000
"""Characters of a cell in which people are looked for: a hundred with their addresses have fewer."""
MOST_PEOPLE = 100
MOST_LABELS = 100

_NUMBERING = re.compile(r"\A(?:\(?\d{1,2}(?:[.):]|\s*[-–—])\s+|\d{1,2}\.(?=\w))")
_PERCENT = re.compile(r"(\d{1,3})(?:\.0+)?\s?%")
_ADDRESS = re.compile(r"[^\s@<>\"(),;:]{1,64}@[^\s@<>\"(),;:]{1,200}")
_ANGLE = re.compile(r"(.*?)\s*[<(\[]\s*(?:mailto:)?([^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,200})\s*[>)\]]")
_SPACES = re.compile(r"[^\S\n]+")
_JOINED = re.compile(r"\s[&/]\s|(?<=[a-zà-ÿ]{2})/(?=[A-ZÀ-Þ])")
_DONE_MARKS = frozenset("✅✔☑🎉✓🏁🗸")


def plain(word: str) -> str:
    """`word` as it is compared: in lower case, without emoji, numbering, and marks between words."""
    kept = "".join(" " if unicodedata.category(c) in _DROPPED or c == "\ufe0f" else c for c in word)
    spaced = re.sub(r"[_\-–—/\s’'`]+", " ", _NUMBERING.sub("", kept.strip(), count=1).casefold().replace("n't", "nt"))
    return spaced.replace("n’t", "nt").strip().rstrip(".!:* ")


_DROPPED = frozenset(("So", "Sk", "Cf", "Co", "Cs", "Cn"))


def status_of(word: str) -> Status | None:
    """What a status is called in words that many trackers share, also behind a number or an emoji: «3. In review»."""
    return _status_of(word) if len(word) <= LONGEST_WORD else None


@lru_cache(maxsize=1024)
def _status_of(word: str) -> Status | None:
    if found := _PERCENT.fullmatch(word.strip()):
        return "done" if int(found[1]) >= 100 else "open"
    name = plain(word.replace("n’t", "nt").replace("n't", "nt"))
    if not name:
        return "done" if _DONE_MARKS & set(word) else None
    if status := _known(name):
        return status
    if (truth := truth_of(name)) is not None:
        return "done" if truth else "open"
    return _by_first_part(name)


def _known(name: str) -> Status | None:
    if name in DECLINED_WORDS:
        return "declined"
    if name in DONE_WORDS:
        return "done"
    return "open" if name in OPEN_WORDS else None


def _by_first_part(name: str) -> Status | None:
    """«Closed (won't fix)», «Done: shipped in 2.1»: what stands in the brackets decides where it declines."""
    parts = [part.strip() for part in re.split(r"[(\[:,|]", name.rstrip(")]")) if part.strip()]
    if len(parts) < 2 or len(parts) > 3:
        return None
    if any(part in DECLINED_WORDS for part in parts):
        return "declined"
    return _known(parts[0])


def priority_of(word: str) -> Priority | str:
    """low, normal, high or urgent where the word means one of them, "" where it says that there is none; else the word.

    A bare number is read as a rank: 1 is the most urgent. So ask only for what a column called priority holds.
    """
    return _priority_of(word) if len(word) <= LONGEST_WORD else " ".join(word.split())


@lru_cache(maxsize=1024)
def _priority_of(word: str) -> Priority | str:
    name = plain(word)
    if name in PRIORITY_WORDS:
        return PRIORITY_WORDS[name]
    if not name or not any(c.isalnum() for c in name):
        return PRIORITY_MARKS.get(word.replace("\ufe0f", "").strip(), "")
    without = re.sub(r"\A(?:priority|prio|priorität)\s+|\s+(?:priority|prio|priorität)\Z", "", name)
    inside = re.split(r"\s*[(\[:,|]\s*|\s+-\s+", without.rstrip(")]"))
    known = [PRIORITY_WORDS[part.strip()] for part in (without, *inside) if part.strip() in PRIORITY_WORDS]
    parts = without.split()
    if not known and len(parts) == 2:  # «P1 High», «High P1»
        known = [PRIORITY_WORDS[part] for part in parts if part in PRIORITY_WORDS and not part.isdigit()]
    return known[0] if known else " ".join(word.split())


def people_of(cell: str) -> tuple[Person, ...]:
    """Everybody named in a cell, in its order, each once; at most MOST_PEOPLE."""
    found: dict[Person, None] = {}
    for piece in _pieces(_SPACES.sub(" ", cell)[:LONGEST_PEOPLE]):
        person = _person(piece)
        if person and (person.name or person.address):
            found.setdefault(person)
        if len(found) >= MOST_PEOPLE:
            break
    return tuple(found)


def _pieces(cell: str) -> list[str]:
    """One person each. A comma within «Ruiz, Ana <ana@x.org>» parts nobody."""
    out: list[str] = []
    for group in re.split(r"[;|\n]+", cell):
        names = [name for name in group.split(",") if name.strip()]
        joins = False
        for name in names:
            if joins and _ANGLE.match(name.strip()):
                out[-1] = (
                    f"{name.strip()[: _angle_at(name)].strip()} {out[-1].strip()} {name.strip()[_angle_at(name) :]}"
                )
                joins = False
                continue
            parts = _JOINED.split(name)
            out += parts
            joins = len(parts) == 1 and len(name.split()) == 1 and "@" not in name
    return out


def _angle_at(name: str) -> int:
    return min(at for mark in "<([" if (at := name.strip().find(mark)) >= 0)


def _person(piece: str) -> Person | None:
    text = " ".join(piece.split()).strip("\"' ")
    if found := _ANGLE.match(text):
        name, address = found[1].strip("\"' "), found[2].lower().strip(".,")
    elif found := _ADDRESS.fullmatch(text):
        name, address = "", text.lower().rstrip(".")
    else:
        name, address = text.removeprefix("@"), ""
    if plain(name) in NOBODY and not address:
        return None
    return Person("" if name.lower() == address else name[:200], address[:320])


def labels_of(cell: str) -> tuple[str, ...]:
    """The labels in a cell, each once and without «#»: parted by ; or | or lines, else by commas."""
    marks = r"[;|\n]+" if re.search(r"[;|\n]", cell) else r","
    pieces = (" ".join(piece.split()).strip("\"'[]").removeprefix("#").strip() for piece in re.split(marks, cell))
    return tuple(dict.fromkeys(piece[:200] for piece in pieces if piece and piece not in ("-", "--")))[:MOST_LABELS]


def truth_of(cell: str) -> bool | None:
    """Yes or no, as check boxes and people write it; None for anything else, and for nothing."""
    word = " ".join(cell.replace("\ufe0f", "").split()).casefold()
    return True if word in TRUE_WORDS else False if word in UNTRUE_WORDS else None
