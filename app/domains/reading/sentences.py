"""Where the sentences of a text stand, and which lines are prose at all.

Mail is wrapped by hand, so a line's end is not a sentence's end, except before a list entry, after a short
line, or at an empty line. Quoted lines, logs, code and forwarded headers are written by machines or by
somebody else: they ask for nothing and set no deadline.
"""

import re

LONGEST_TEXT = 20_000
"""Characters read from one message. New text beyond it is left unread: a deadline 8 pages down is rare, and
a bound on the work for one message is worth more."""

_SHORT_LINE = 45
"""A line shorter than this that is followed by a capital was ended on purpose."""

_NOT_PROSE = re.compile(
    r"""
    \s*[>|]                                                   # quoted
  | \s*(?:on\b.{5,120}\bwrote:|le\b.{5,120}\ba\ écrit\ ?:)\s*$        # whose words follow
  | \s*(?:from|sent|to|cc|bcc|date|reply-to|message-id|received|x-[\w-]+)\s*:\s   # a forwarded header
  | \s*[\w-]{1,40}:\ +(?:mon|tue|wed|thu|fri|sat|sun),\ \d\d?\ [a-z]{3}\ \d{4}\ \d\d:\d\d:\d\d  # a header's date
  | \s*-{2,}\s*(?:original|forwarded|begin|end)\b
  | \s*(?:[+-]{3}\s\S|@@\s|diff\ --git\b|index\ [0-9a-f]{7})            # a patch
  | \s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d                                  # a log line
  | \s*(?:mon|tue|wed|thu|fri|sat|sun)?,?\ ?[a-z]{3}\ {1,2}\d{1,2}\ \d\d:\d\d:\d\d\b
  | \s*\[?\d\d:\d\d:\d\d
  | \s*\[?(?:info|warn|warning|error|debug|fatal|trace)\]?\s*[:\]]\s*\S*[\d(\[/.]
  | \s*(?:at\ [\w$.]+\(|File\ ".*",\ line\ \d|Traceback\ )              # a stack trace
  | \s*(?:\$|\#!|%)\ ?\w+.*                                             # a shell
  | [^\n]*[;{}]\s*$                                                     # code
  | \s*(?:\#\s?(?:include|define|if)|import\ [\w.]+\s*$|def\ \w+\(|class\ \w+[(:])
  | \s*</?[a-z!][^>\n]*>\s*$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CODE = re.compile(r"`[^`\n]{1,200}`")
_END = re.compile(r"(?<![.?!…])[.?!…]++[\"')\]*_]*+(?=\s|$)|\n")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b"
    r"(?! +(?:please|can|could|would|will|we|i|is|just|any)\b)(?: +[^\s,.?!—–-]{1,25}){0,3},",
    re.IGNORECASE,
)
"""A greeting and at most three words of a name: what follows its comma is a sentence of its own."""
_LIST_ENTRY = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|inc|ltd|co|no|nr|approx|dept|est|fig|jr|sr|attn|tel|ext|e\.g|i\.e|a\.m|p\.m"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thur?s?|fri|sat|sun)|(?:^|[\s(])[a-z]|\b[a-z]\.[a-z])$",
    re.IGNORECASE,
)
_LAST_WORD = 8
"""Characters before a full stop that can hold an abbreviation."""


def prose(text: str) -> str:
    """The text with what is not prose blanked out: same length, so places stay true."""
    kept: list[str] = []
    fenced = False
    for line in text[:LONGEST_TEXT].splitlines(keepends=True):
        fence = _FENCE.match(line) is not None
        if fence:
            fenced = not fenced
        blank = fence or fenced or _NOT_PROSE.match(line) is not None
        kept.append(_blanked(line) if blank else _CODE.sub(lambda code: " " * len(code[0]), line))
    return "".join(kept)


def _blanked(line: str) -> str:
    return "".join(char if char in "\r\n" else " " for char in line)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences in order, without the white space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if not _ends_here(text, start, match):
            continue
        _add(spans, text, start, match.end())
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group() == "\n":
        return _line_ends_sentence(text, start, match.start())
    if match.group() != ".":
        return True
    before = text[max(start, match.start() - _LAST_WORD) : match.start()]
    return _ABBREVIATION.search(before) is None


def _line_ends_sentence(text: str, start: int, newline: int) -> bool:
    rest = text[newline + 1 : newline + 80]
    following = rest.lstrip(" \t\r")
    if not following or following[0] == "\n" or _LIST_ENTRY.match(rest):
        return True
    line_start = max(text.rfind("\n", start, newline) + 1, start)
    return newline - line_start < _SHORT_LINE and following[0].isupper()


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    greeting = _GREETING.match(text, start, end)
    if greeting is not None and greeting.end() < end:
        start = greeting.end()
        while text[start].isspace():  # what follows ends at `end`, which is no space
            start += 1
    spans.append((start, end))
