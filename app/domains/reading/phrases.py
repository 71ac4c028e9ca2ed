"""Phrases of whole words, found all at once.

A phrase is written as people say it, with five signs more:

- ``a|b``: either word; ``(a|b)``: either word, or neither
- ``crash~``: the word and its usual forms (crashes, crashed, crashing)
- ``_``: any one word; ``#``: any number
- ``{name}``: any word of the word list `name`
- ``^``: the beginning of a sentence; ``?`` and ``!`` are words of their own

All phrases of all tables share one tree of words, so a text costs one walk however many phrases there are,
and no input can make it slow: the longest phrase has a dozen words.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from app.domains.reading.tokens import Tokens

_ANY_WORD = "_"
_ANY_NUMBER = "#"
_FOUND = ""
"""The key in a node of the tree under which the entries that end there stand."""

WordLists = Mapping[str, Sequence[str]]
Node = dict[str, Any]


class Entry(NamedTuple):
    """One phrase of a table: `row` is the table's own number for it."""

    table: str
    row: int


class Hit(NamedTuple):
    """A phrase found: the tokens from `first` to before `after`."""

    row: int
    first: int
    after: int


def forms(word: str) -> tuple[str, ...]:
    """A word and its usual forms. Some of them nobody writes, which costs nothing."""
    stem = word.removesuffix("e")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    return word, word + "s", word + "es", stem + "ed", stem + "ing", stem + stem[-1] + "ed", stem + stem[-1] + "ing"


def spellings(phrase: str, lists: WordLists) -> list[tuple[str, ...]]:
    """Every sequence of words the phrase stands for. Raises ValueError where a list has no such name."""
    parts = [_choices(part, lists) for part in phrase.split()]
    return [tuple(word for word in words if word) for words in product(*parts)]


def _choices(part: str, lists: WordLists) -> list[str]:
    optional = part.startswith("(") and part.endswith(")")
    words: list[str] = [""] if optional else []
    for word in (part[1:-1] if optional else part).split("|"):
        if word.startswith("{") and word[1:-1] in lists:
            words.extend(lists[word[1:-1]])
        elif word.endswith("~"):
            words.extend(forms(word[:-1]))
        else:
            words.append(word)
    return words


def tree(tables: Mapping[str, Iterable[str]], lists: WordLists) -> Node:
    """The tree of all phrases of all tables. Raises ValueError where one begins with a wildcard: it is never found."""
    root: Node = {}
    for table, phrases in tables.items():
        for row, phrase in enumerate(phrases):
            for words in spellings(phrase, lists):
                if words[0] in {_ANY_WORD, _ANY_NUMBER}:
                    raise ValueError(f"{phrase!r} begins with a wildcard")
                node = root
                for word in words:
                    node = node.setdefault(word, {})
                node.setdefault(_FOUND, []).append(Entry(table, row))
    return root


def find(root: Node, found: Tokens) -> dict[str, list[Hit]]:
    """The phrases in these tokens, by table, in the order of the text.

    Of two phrases of one table where one lies within the other, only the longer one counts: so
    "not urgent" silences "urgent", and "scroll down" silences "down".
    """
    hits: dict[str, list[Hit]] = {}
    words = found.words
    for first, word in enumerate(words):
        node = root.get(word)
        if node is not None:
            _walk(node, words, first, hits)
    return {table: _longest(some) for table, some in hits.items()}


def _walk(root: Node, words: list[str], first: int, hits: dict[str, list[Hit]]) -> None:
    open_ways = [(root, first + 1)]
    for node, after in open_ways:  # grows while it is walked
        for entry in node.get(_FOUND, ()):
            hits.setdefault(entry.table, []).append(Hit(entry.row, first, after))
        if after == len(words):
            continue
        word = words[after]
        if word in node:
            open_ways.append((node[word], after + 1))
        if _ANY_WORD in node and word[0].isalpha():
            open_ways.append((node[_ANY_WORD], after + 1))
        if _ANY_NUMBER in node and word[-1].isdecimal():
            open_ways.append((node[_ANY_NUMBER], after + 1))


def _longest(hits: list[Hit]) -> list[Hit]:
    """Without those that lie within another. Rows of equal extent all stay."""
    hits.sort(key=lambda hit: (hit.first, -hit.after))
    kept: list[Hit] = []
    reach, opener = -1, -1
    for hit in hits:
        if hit.after > reach or (hit.first == opener and hit.after == reach):
            kept.append(hit)
            reach, opener = hit.after, hit.first
    return kept
