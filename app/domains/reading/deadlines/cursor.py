"""Looking at tokens by place, with nothing beyond their end."""

from collections.abc import Sequence


def word_at(words: Sequence[str], i: int) -> str:
    """The word there, without a possessive s; empty beyond the end."""
    return words[i].removesuffix("'s") if 0 <= i < len(words) else ""


def skip(words: Sequence[str], i: int, fillers: set[str]) -> int:
    while word_at(words, i) in fillers:
        i += 1
    return i
