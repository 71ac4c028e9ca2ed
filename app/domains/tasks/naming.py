"""How one text names another task: by its whole title, by an id such as OPS-123, by a link. Pure.

A title counts as named only where it is telling, three words or fifteen characters, and stands there word for word.
"""

import re
from collections.abc import Sequence

from app.records import Work

_MOST_WORDS = 60
_LONGEST = 16
"""Of a text so many words are looked at, and so many of them together as one title."""
_FEWEST_WORDS, _FEWEST_CHARACTERS = 3, 15
_ID = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{1,9}-[0-9]{1,7}(?![\w-])", re.ASCII)
_WORD = re.compile(r"\w+")
_URL = re.compile(r"\b\w{1,20}://[^\s<>\"'”»|)\]]+")
_PATH = re.compile(r"[^\s<>\"“”«»|()\[\]]+")
"""What may be an address within an export: «Plans/Billing%20….md»."""
_QUOTED = 200


def telling(key: str) -> bool:
    """Whether a title, as `title_key` writes it, says enough to be known again in a text."""
    return len(key.split()) >= _FEWEST_WORDS or len(key) >= _FEWEST_CHARACTERS


def titles_within(text: str) -> set[str]:
    """The keys of all telling titles that the first words of `text` may name: at most a thousand."""
    words = _WORD.findall(text.casefold())[:_MOST_WORDS]
    spans = (
        " ".join(words[start : start + length])
        for start in range(len(words))
        for length in range(2, min(_LONGEST, len(words) - start) + 1)
    )
    return {span[:300] for span in spans if telling(span)}


def names_title(text: str, key: str) -> bool:
    """Whether `text` holds the words of a telling title one after the other."""
    return telling(key) and f" {key} " in f" {' '.join(_WORD.findall(text.casefold()))} "


def ids_within(text: str) -> list[str]:
    """The ids such as OPS-123 in `text`, each once, as they come."""
    return list(dict.fromkeys(_ID.findall(text)))


def ids_of(work: Work | None) -> list[str]:
    """The ids by which texts may name a row; its columns may hold those of other rows."""
    return [name for name in dict.fromkeys(work.own_ids) if _ID.fullmatch(name)] if work else []


def id_key(name: str) -> str:
    """Under which key of `item_links` the rows stand that bear this id."""
    return f"id:{name}"


def link_in(texts: Sequence[str], key: str, url: str | None = None) -> str:
    """The address in one of `texts` that points to `key`, else `url`, where that leads, else the key: one line.

    An address points there when it holds all parts of the key, whatever marks stand between its letters.
    """
    parts = [re.sub(r"\W", "", part).casefold() for part in key.partition(":")[2].split("/")]
    written = [found.rstrip(".,;:!?") for form in (_URL, _PATH) for text in texts for found in form.findall(text)]
    for address in written:
        letters = re.sub(r"\W", "", address).casefold()
        if any(parts) and all(part in letters for part in parts):
            return quoted(address)
    return quoted(url or key)


def quoted(text: str) -> str:
    """`text` on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"
