"""What the rows of a table call each other: by their ids, or by their titles where that names one row alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MOST_DEPENDENCIES = 100
LONGEST_KEY = 200
MOST_PIECES = 8
"""Parts between commas that may be one title together."""

_GLOBAL_ID = re.compile(r"[A-Z][A-Z0-9_]{1,20}-\d{1,9}|[0-9a-fA-F-]{24,36}|\d{9,20}|\S{16,100}")
"""Ids that no other table is likely to use for another row: ABC-123, UUIDs, long numbers."""


@dataclass(frozen=True, slots=True)
class Names:
    """All rows of one file."""

    ids: frozenset[str]
    titles: Mapping[str, str]
    """Each title, as `folded` writes it, to the id of its row; "" where several rows bear it."""


def names_of(rows: Iterable[tuple[str, str, str]]) -> Names:
    """`rows` as (own id or "", title, the id it is stored under). Costs some 300 bytes a row."""
    ids: set[str] = set()
    titles: dict[str, str] = {}
    for own, title, stored in rows:
        ids.add(own or stored)
        name = folded(title)
        titles[name] = "" if name in titles else own or stored
    return Names(frozenset(ids), titles)


def folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def is_global(own: str) -> bool:
    return _GLOBAL_ID.fullmatch(own) is not None


def row_key(own: str, scope: str) -> str:
    """A short id means something within its table only, which `scope` tells from others."""
    return f"row:{own[:LONGEST_KEY]}" if is_global(own) else f"row:{scope}:{own[:LONGEST_KEY]}"


def dependencies(cell: str, scope: str, names: Names | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the rows that `cell` names, and what in it names none: without `names`, nothing is known of that."""
    found = list(_named(cell, names))
    known = dict.fromkeys(own for own, _ in found if own and (not names or own in names.ids or is_global(own)))
    keys = dict.fromkeys(row_key(own, scope) for own in known)
    return tuple(keys)[:MOST_DEPENDENCIES], tuple(dict.fromkeys(said for own, said in found if own not in known))


def _named(cell: str, names: Names | None) -> Iterator[tuple[str, str]]:
    """(id, what was written) of each row that is named: the longest title that fits, for titles hold commas too."""
    pieces = [piece for part in re.split(r"[,;|\n]+", cell) if (piece := " ".join(part.split()).strip("[]\"'#"))]
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + MOST_PIECES), at, -1):
            said = ", ".join(pieces[at:end])
            if names and said not in names.ids and (title := names.titles.get(folded(said))) is not None:
                yield title, said
                break
        else:
            end = at + 1
            yield pieces[at], pieces[at]
        at = end
