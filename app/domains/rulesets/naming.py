"""What names, authors and notes may be; and numbers of versions. Pure."""

import re

from app.core import acting
from app.core.acting import SOMEBODY
from app.core.errors import FieldError, Invalid

SHIPPED_BY = "watchfloor"
"""The author of what comes with the program. Nobody else can be."""
NAME = r"[a-z0-9][a-z0-9-]{0,63}"
RESERVED = frozenset({"activations", "check", "health", "preview", "rollback"})
"""Words that stand where a ruleset's name stands in an address."""
LONGEST_AUTHOR = 200
LONGEST_NOTE = 2_000
LATEST = 2**31 - 1
"""The highest version that can be asked for."""


def check_name(name: str) -> None:
    """Raises Invalid."""
    if not re.fullmatch(NAME, name):
        raise _invalid("name", f"{name[:80]!r} is no name: use a-z, 0-9 and -, at most 64 of them.")
    if name in RESERVED:
        raise _invalid("name", f"A ruleset can't be called {name!r}: choose another name.")


def check_words(author: str, note: str) -> tuple[str, str]:
    """Author and note as they are stored. Raises Invalid."""
    author, note = author.strip() or _caller(), note.strip()
    if author.casefold() == SHIPPED_BY:
        raise _invalid("author", f"The author {SHIPPED_BY!r} is kept for what comes with Watchfloor: say who you are.")
    for where, said, longest in (("author", author, LONGEST_AUTHOR), ("note", note, LONGEST_NOTE)):
        if len(said) > longest:
            raise _invalid(where, f"The {where} is longer than {longest} characters.")
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in said):
            raise _invalid(where, f"The {where} holds a character that can't be stored.")
    return author, note


def _caller() -> str:
    """The author where nobody said who it is: whoever acts, or somebody."""
    found = acting.written_by()[:LONGEST_AUTHOR]
    return SOMEBODY if found.casefold() == SHIPPED_BY else found


def _invalid(where: str, sentence: str) -> Invalid:
    return Invalid(sentence, errors=[FieldError(where, sentence.rstrip("."))])
