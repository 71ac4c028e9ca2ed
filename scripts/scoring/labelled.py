"""Texts that people labelled, from files of two shapes.

`FILE` alone holds a label and a text a line, with a tab between; labels are yes and no, other lines are left out.
`FILE?text=Summary&label=Priority&yes=Blocker,Critical&no=Minor,Trivial` names the columns of a CSV file with a
heading, and which of its labels stand for yes and for no; other rows are left out.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

_LONGEST_FIELD = 10_000_000
"""Characters; descriptions in trackers hold whole logs."""


class UnreadableError(Exception):
    """What is wrong with a file or with how it was named, in words for whoever named it."""


@dataclass(frozen=True, slots=True)
class Labelled:
    name: str
    texts: list[str]
    labels: list[bool]

    @property
    def yes(self) -> int:
        return sum(self.labels)

    @property
    def no(self) -> int:
        return len(self.labels) - self.yes

    def only(self, places: list[int]) -> "Labelled":
        return Labelled(self.name, [self.texts[i] for i in places], [self.labels[i] for i in places])


def load(named: str) -> Labelled:
    """The texts of a file named as above. Raises UnreadableError where it is missing or lacks one of the labels."""
    file, _, query = named.partition("?")
    path = Path(file)
    try:
        pairs = _columns(path, query) if query else _lines(path)
    except OSError as error:
        raise UnreadableError(f"{file}: {error.strerror}") from error
    found = Labelled(path.stem, [text for _, text in pairs], [label for label, _ in pairs])
    if not found.yes or not found.no:
        raise UnreadableError(f"{file}: needs both labels, yes and no; has {found.yes} yes and {found.no} no")
    return found


def _lines(path: Path) -> list[tuple[bool, str]]:
    lines = path.read_text("utf-8", "replace").splitlines()
    parts = [line.partition("\t") for line in lines]
    return [(label.lower() == "yes", text) for label, _, text in parts if label.lower() in {"yes", "no"}]


def _columns(path: Path, query: str) -> list[tuple[bool, str]]:
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    if missing := [name for name in ("text", "label", "yes", "no") if name not in asked]:
        raise UnreadableError(f"{path}: say {' and '.join(missing)} too, as in ?text=Title&label=Rank&yes=High&no=Low")
    yes, no = set(asked["yes"].split(",")), set(asked["no"].split(","))
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.DictReader(lines)
        if absent := {asked["text"], asked["label"]} - set(rows.fieldnames or ()):
            raise UnreadableError(f"{path}: no column {' or '.join(sorted(absent))}")
        told = [(row[asked["label"]], row[asked["text"]]) for row in rows]
    return [(label in yes, text) for label, text in told if label in yes | no]
