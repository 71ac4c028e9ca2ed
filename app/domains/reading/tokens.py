"""Words, numbers and marks of a text, each with its place.

A sentence begins with the zero-width token ``^``, so that a phrase can ask for the beginning and can never
reach across two sentences. Addresses, URLs and identifiers are opaque: nothing in them is a word; only the name of a
test in a program is told apart from others.
Pure; every pattern is linear in the length of the text.
"""

import re
from dataclasses import dataclass

START = "^"
URL = "{url}"
ADDRESS = "{address}"
CODE = "{code}"
TEST = "{test}"

_TOKEN = re.compile(
    r"""
    (?P<url>(?:https?://|www\.)\S+)
  | (?P<address>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)
  | (?P<code>(?<!\w)[^\W_]*+_\w++|[~.]{0,2}/\w[\w.-]*+(?:/[\w.-]++)+|(?<!\w)\w++\.\w++\()
  | (?P<meridiem>(?<=[\d ])[apAP]\.\s?[mM]\b\.?)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<number>[+-]?\d+(?:[.,:/-]\d+)*)
  | (?P<mark>[?!.,;:()$€£¥%&@"])
    """,
    re.VERBOSE,
)
_TEST_NAME = re.compile(r"[A-Za-z]{0,40}Test[A-Z]|test[A-Z_]|[A-Za-z\d]{0,60}[a-z\d]Test(?:s|Case)?$")
"""`TestQueue`, `testEmptyQueue`, `test_empty_queue`, `QueueTest`; not "Test", "testing" or "Latest"."""
_OPAQUE = {"url": URL, "address": ADDRESS, "code": CODE}


@dataclass(slots=True)
class Tokens:
    """Parallel columns: cheaper than an object for each word, and a mail has hundreds."""

    words: list[str]
    """Lower case, straight apostrophes."""
    starts: list[int]
    ends: list[int]


def tokens(text: str, spans: list[tuple[int, int]]) -> Tokens:
    """The tokens of these sentences of the text, with `START` before each sentence."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in spans:
        words.append(START)
        starts.append(start)
        ends.append(start)
        for match in _TOKEN.finditer(text, start, end):
            first, after = match.span()
            words.append(_word(match.lastgroup or "", text[first:after]))
            starts.append(first)
            ends.append(after)
    return Tokens(words, starts, ends)


def _word(kind: str, written: str) -> str:
    if kind == "word":  # 9 tokens of 10, so first
        word = written.lower().replace("’", "'")
        return TEST if "test" in word and _TEST_NAME.match(written) else word
    if kind == "meridiem":
        return written[0].lower() + "m"
    if kind == "code" and _TEST_NAME.match(written):
        return TEST
    return _OPAQUE.get(kind, written)
