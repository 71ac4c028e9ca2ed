"""Sentences of the real data sets that name a time, found and drawn without any of the reader's own grammar.

A wide net takes every sentence with a time in it, a seeded choice some of each source. What they mean was judged by
hand and is kept in real_deadlines.tsv without the texts: a sentence is found again by its hash.
"""

import csv
import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domains.reading import Text, read
from app.integrations.contract import Options
from app.integrations.registry import recognise
from app.records import Item

LABELS = Path(__file__).with_name("real_deadlines.tsv")
UNDATED = datetime(2024, 5, 15, 10, tzinfo=UTC)
"""When a sentence without a date of its own is taken to be said: a Wednesday."""
REQUESTS = "requests_email_intent/Ask0729-fixed.txt"
BUGS = {
    "priority_gitbugs_hadoop/hadoop_bugs.csv": "%d/%b/%y %H:%M",
    "priority_gitbugs_seamonkey/SeaMonkey_bugs.csv": "%Y-%m-%d %H:%M:%S%z",
}
EXPORTS = (
    "mail_spamassassin/easy-ham-1.mbox",
    "mail_spamassassin/hard-ham-1-small.mbox",
    "mail_spamassassin/spam-1-small.mbox",
    "mail_usrp_users/usrp-users-2024h1.mbox",
    "slack_foc_2018",
    "slack_houston_2016",
    "notion_export_obsidian_tests",
    "notion_api_ultimate",
)

_SHARES = {REQUESTS: (170, 40), "notion_export_obsidian_tests": (30, 3)}
_SHARE = (30, 12)
"""Sentences drawn of a source with a word of an end, and without. Mails of work set most deadlines; lists, few."""

_LENGTHS = range(12, 401)
_END = re.compile(r"[.?!…]+[\"')\]*_]*\s+(?=[\"'(\[*_]*[A-Z0-9])|\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)")
_ABBREVIATIONS = {*["mr", "mrs", "ms", "dr", "st", "no", "vs", "etc", "a.m", "p.m", "e.g", "i.e"]}
_ABBREVIATIONS |= {
    *[
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
    ]
}
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
_TIME = re.compile(
    rf"""\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days? | mon | tues? | wed | thu(?:rs?)? | fri | sat | sun
    | january | february | march | april | june | july | august | september | october | november | december
    | {_MONTH}\.?\s\d | \d\d?(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}
    | today | tonight | tomorrow | tmrw | yesterday | midnight | noon | midday | weekend | morning | afternoon | evening
    | (?:this|next|last|coming|following)\s(?:hour|week|month|quarter|year)
    | \d{{1,2}}(?::\d\d)?\s?[ap]\.?m | (?<![\w:.])\d{{1,2}}:\d\d(?![\d:]*[.:]\w)
    | \d{{1,2}}\s?o'clock | the\s\d{{1,2}}(?:st|nd|rd|th)
    | (?<![\w./:-])
      (?:\d{{4}}[-/.]\d\d[-/.]\d\d | \d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d\d){{1,2}} | \d{{1,2}}/\d{{1,2}})
      (?![./:-]?\w)
    | (?:\d+|an?|one|two|three|four|five|six|seven|ten|few|couple\sof)\s(?:business\s|working\s)?
      (?:minutes?|hours?|hrs?|days?|weeks?|months?)
    | deadlines? | due(?!\sto\b) | overdue | rsvp | eo[dwmqy] | cob | close\sof\s(?:business|play)
    | end\sof\s(?:the\s|this\s|next\s)?(?:day|week|month|quarter|year))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UNTIL_WHEN = re.compile(
    r"\b(?:by|before|until|till?|within|prior|latest|later|expir\w+|clos(?:es?|ing)|ends?|due(?!\sto)|deadlines?|overdue|rsvp"
    r"|eo[dwmqy]|cob|meet|meeting|call|appointment|need\w*|must|please|let's|register|submit\w*|reply|respond)\b",
    re.IGNORECASE,
)
_END_AT_A_TIME = re.compile(
    r"\b(?:by|before|until|till?|prior\sto|than|latest|expires?|closes?|due|deadline|within(?:\sthe\snext)?)\W+"
    r"(?:the\s|this\s|next\s|on\s|close\sof\s|end\sof\s|early\s|late\s|about\s|around\s|noon|midnight|cob|eo"
    rf"|\d|mon|tue|wed|thu|fri|sat|sun|{_MONTH}|today|tomorrow|tonight)|\b(?:deadline|rsvp|cob|eod|due\s(?!to))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    source: str
    text: str
    said_at: datetime

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def half(self) -> str:
        """The held half is looked at only to report figures."""
        return "held" if int(self.key[-1], 16) % 2 else "develop"

    @property
    def names_an_end(self) -> bool:
        """Whether any word stands there that deadlines are set with; mostly it sets none."""
        return _UNTIL_WHEN.search(self.text) is not None


def sentences(folder: Path) -> Iterator[Sentence]:
    """Every sentence of the sets in `folder` that names a time, each once for its source; absent sets are left out."""
    seen: set[tuple[str, str]] = set()
    for source, text, said_at in _texts(folder):
        for said in cut(text):
            if (source, said) not in seen and _TIME.search(said):
                seen.add((source, said))
                yield Sentence(source, said, said_at)


def drawn(found: list[Sentence]) -> list[Sentence]:
    """Of each source as many sentences as _SHARES says, chosen by chance, and all with an end right before a time."""
    strata: defaultdict[tuple[str, bool], list[Sentence]] = defaultdict(list)
    for sentence in found:
        strata[sentence.source, sentence.names_an_end].append(sentence)
    chance = random.Random(4)  # noqa: S311 (no secret)
    chosen: list[Sentence] = []
    for (source, ends), among in sorted(strata.items()):
        among.sort(key=lambda sentence: sentence.key)
        share = _SHARES.get(source, _SHARE)[0 if ends else 1]
        chosen.extend(chance.sample(among, min(len(among), share)))
    known = set(chosen)
    return [*chosen, *(each for each in found if each not in known and _END_AT_A_TIME.search(each.text))]


def cut(text: str) -> Iterator[str]:
    """Sentences with single spaces, cut at full stops before a capital, at empty lines and before list entries."""
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.start()].lower().rpartition(" ")[2]
        if end.group()[0] == "." and (before in _ABBREVIATIONS or len(before) == 1):
            continue
        yield from _whole(text[start : end.end()])
        start = end.end()
    yield from _whole(text[start:])


def _whole(piece: str) -> Iterator[str]:
    said = " ".join(piece.split())
    if len(said) in _LENGTHS:
        yield said


def _texts(folder: Path) -> Iterator[tuple[str, str, datetime]]:
    for name in EXPORTS:
        if (folder / name).exists():
            steps = recognise(folder / name).reader.read(folder / name, Options())
            items = [step.what for step in steps if isinstance(step.what, Item)]
            yield from ((name, item.text, item.sent_at or UNDATED) for item in items)
    if (folder / REQUESTS).exists():
        lines = (folder / REQUESTS).read_text("utf-8", "replace").splitlines()
        yield from ((REQUESTS, line.partition("\t")[2], UNDATED) for line in lines)
    csv.field_size_limit(10_000_000)
    for name, form in BUGS.items():
        if (folder / name).exists():
            with (folder / name).open(encoding="utf-8", errors="replace", newline="") as rows:
                for row in csv.DictReader(rows):
                    created = datetime.strptime(row["Created"], form)  # noqa: DTZ007 (UTC where it says none)
                    yield name, f"{row['Summary']}\n\n{row['Description']}", created.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence whose deadlines somebody wrote down, and what the reader found in it."""

    sentence: Sentence
    due: frozenset[datetime]
    found: frozenset[datetime]


def labelled(folder: Path) -> Iterator[Labelled]:
    """The sentences of LABELS that are found again in `folder`, as read now."""
    with LABELS.open(newline="") as lines:
        rows = {(row["source"], row["sha256"]): row for row in csv.DictReader(lines, delimiter="\t")}
    for sentence in sentences(folder):
        if row := rows.get((sentence.source, sentence.key)):
            said_at = datetime.fromisoformat(row["said_at"])
            due = row["due_at"].split(",") if row["due_at"] != "none" else []
            found = read(Text(text=sentence.text, sent_at=said_at)).facts
            yield Labelled(
                sentence,
                frozenset(map(datetime.fromisoformat, due)),
                frozenset(_minute(str(fact.value)) for fact in found if fact.fact == "due_at"),
            )


def precision_and_recall(read_ones: Iterable[Labelled]) -> tuple[float, float]:
    """Of the moments found how many are labelled so, to the minute, and of those labelled how many are found."""
    pairs = [(len(one.due & one.found), len(one.found), len(one.due)) for one in read_ones]
    right, found, due = (sum(column) for column in zip(*pairs, strict=True))
    return right / found, right / due


def _minute(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(second=0).astimezone(UTC)
