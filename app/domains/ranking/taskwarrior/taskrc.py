"""A .taskrc as a ruleset: the shipped `taskwarrior`, with the coefficients that somebody set in Taskwarrior.

Pure. Lines are read as Taskwarrior 2.6 reads them: `name=value`, the last one of a name counts, `#` begins a comment
wherever it stands, and of a number as much is taken as is one. Settings: https://taskwarrior.org/docs/urgency/
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.domains.ranking.documents.document import MOST_RULES
from app.domains.ranking.documents.sections import HIGHEST
from app.domains.ranking.ruleset import shipped_text
from app.domains.ranking.taskwarrior import taskrc_rules

NAME = "my-taskwarrior"
FINEST = Decimal("0.001")
MARGIN = Decimal("0.01")
"""By so much Taskwarrior lifts a task above what waits for it."""
LONGEST_AGE = 1_000_000
"""Days; more than the years that dates have."""

TERMS: Mapping[str, tuple[str, ...]] = {
    "urgency.due.coefficient": ("due",),
    "urgency.scheduled.coefficient": ("scheduled",),
    "urgency.waiting.coefficient": ("waiting",),
    "urgency.age.coefficient": ("age", "age-unknown"),
    "urgency.user.tag.next.coefficient": ("tag-next",),
    "urgency.uda.priority.H.coefficient": ("priority-high",),
    "urgency.uda.priority.M.coefficient": ("priority-normal",),
    "urgency.uda.priority.L.coefficient": ("priority-low",),
    "urgency.active.coefficient": ("active",),
    "urgency.project.coefficient": ("project",),
    "urgency.tags.coefficient": ("tags",),
    "urgency.annotations.coefficient": ("annotations",),
    "urgency.blocking.coefficient": ("blocking",),
    "urgency.blocked.coefficient": ("blocked",),
}
"""Taskwarrior's own coefficients, and which rules of the shipped ruleset they scale."""

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)", re.IGNORECASE | re.ASCII)
_YES = ("true", "1", "y", "yes", "on")
_TAKEN_CARE_OF = ("urgency.age.max", "urgency.inherit")


def ruleset_from(text: str) -> tuple[str, list[str]]:
    """The TOML of a ruleset, and one sentence for each thing that could not be taken over as it stands."""
    found = _Settings()
    found.read(text)
    shipped = tomllib.loads(shipped_text("taskwarrior"), parse_float=Decimal)
    rules = list(_rules(found, shipped["rules"]))
    if len(rules) > MOST_RULES:
        found.warnings.append(f"Only the first {MOST_RULES} of its {len(rules)} rules are taken over.")
    if not rules:
        found.warnings.append("Every coefficient is 0: there is no rule left, and a ruleset needs one.")
    document = _document(rules[:MOST_RULES], shipped["bands"], inherits=found.is_on("urgency.inherit"))
    return document, found.warnings


@dataclass(slots=True)
class _Settings:
    """What is set, by name, and the warnings that reading it gave."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def read(self, text: str) -> None:
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            said = line.split("#", 1)[0].strip()
            name, equals, value = (part.strip() for part in said.partition("="))
            if equals:
                self.values[name], self.lines[name] = value, number
            elif said.split()[:1] == ["include"]:
                what = said.removeprefix("include").strip()
                self.warnings.append(f"Line {number}: “{what}” is not included; what it sets is missing here.")
            elif said:
                self.warnings.append(f"Line {number}: “{said[:60]}” is no setting, and left out.")

    def warn(self, name: str, what: str) -> None:
        self.warnings.append(f"Line {self.lines[name]}: {name} {what}")

    def is_on(self, name: str) -> bool:
        return self.values.get(name, "").lower() in _YES

    def coefficient(self, name: str) -> Decimal:
        """In thousandths; 0 where it is none. Only for a name that is set."""
        given = self._number(name)
        if abs(given) > HIGHEST:
            self.warn(name, f"is beyond {HIGHEST:,}, the most that a rule may give, and left out.")
            return Decimal(0)
        rounded = given.quantize(FINEST, ROUND_HALF_UP)
        if rounded != given:
            self.warn(name, f"is rounded to {_plain(rounded)}.")
        return rounded

    def whole(self, name: str, default: int) -> int:
        """As `coefficient`, its fraction cut off; `default` where it is not set."""
        return int(self._number(name)) if name in self.values else default

    def _number(self, name: str) -> Decimal:
        value = self.values[name]
        match = _NUMBER.match(value)
        taken = Decimal(match[1]) if match else Decimal(0)
        if value and (match is None or match.end() < len(value)):
            self.warn(name, f"is no number: “{value[:60]}” counts as {_plain(taken)}, as in Taskwarrior.")
        return taken


def _rules(found: _Settings, shipped: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    named = {str(rule["id"]): rule for rule in shipped}
    term_of = {id_: term for term, ids in TERMS.items() for id_ in ids}
    scales = {term: _scale(found, term, named[ids[0]]) for term, ids in TERMS.items()}
    for id_, rule in named.items():
        if scale := scales[term_of[id_]]:
            yield _aged(_scaled(rule, scale), found) if id_ == "age" else _scaled(rule, scale)
    taken = set(named)
    for name in found.values:
        if not name.startswith("urgency.") or name in TERMS or name in _TAKEN_CARE_OF:
            continue
        if not taskrc_rules.is_own(name):
            found.warn(name, "is no coefficient that Taskwarrior 2.6 knows, and left out.")
        elif points := found.coefficient(name):
            made = taskrc_rules.rule_of(name, points)
            if isinstance(made, str):
                found.warn(name, f"{made}, and is left out.")
            else:
                yield {**made, "id": _free(made["id"], taken)}


def _scale(found: _Settings, term: str, rule: Mapping[str, Any]) -> Decimal:
    """How many times what it is by default the coefficient is."""
    if term not in found.values:
        return Decimal(1)
    given = [rule["points"]] if "points" in rule else [point["points"] for point in rule["curve"]["points"]]
    return found.coefficient(term) / Decimal(max(given, key=abs))


def _scaled(rule: Mapping[str, Any], scale: Decimal) -> dict[str, Any]:
    if "points" in rule:
        return {**rule, "points": _times(rule["points"], scale)}
    points = [{**point, "points": _times(point["points"], scale)} for point in rule["curve"]["points"]]
    return {**rule, "curve": {**rule["curve"], "points": points}}


def _times(points: Decimal | int, scale: Decimal) -> Decimal:
    return (points * scale).quantize(FINEST, ROUND_HALF_UP)


def _aged(rule: dict[str, Any], found: _Settings) -> dict[str, Any]:
    """With the age from which on a task grows no more urgent; none makes every task as old as can be."""
    days = min(found.whole("urgency.age.max", 365), LONGEST_AGE)
    if days == 365:
        return rule
    first, last = rule["curve"]["points"]
    points = [first, {**last, "at": f"{days}d", "say": f"There for {days} days or more, since {{opened_at}}"}]
    if days <= 0:
        points = [{"at": "0d", "points": last["points"]}]
    return {**rule, "curve": {**rule["curve"], "points": points}}


def _free(id_: str, taken: set[str]) -> str:
    """The id, or with a number where another rule bears it already."""
    free, number = id_, 1
    while free in taken:
        number += 1
        free = f"{id_[:58]}-{number}"
    taken.add(free)
    return free


def _document(rules: Sequence[Mapping[str, Any]], bands: Mapping[str, Any], *, inherits: bool) -> str:
    head = [
        "# Taskwarrior's urgency with the coefficients of a .taskrc.",
        "",
        f"name = {_text(NAME)}",
        "version = 1",
        'description = "Taskwarrior\'s urgency, with the coefficients of a .taskrc."',
        f"resolution = {FINEST}",
        f"bands = {_inline(bands)}",
    ]
    parts = ["\n".join(head), *("\n".join(_table(rule)) for rule in rules)]
    if inherits:
        parts.append(
            f"# urgency.inherit=on: above all that wait for it.\n[inherit]\nat_least = true\nmargin = {MARGIN}"
        )
    return "\n\n".join(parts) + "\n"


def _table(rule: Mapping[str, Any]) -> Iterator[str]:
    yield "[[rules]]"
    for name, value in rule.items():
        if name != "curve":
            yield f"{name} = {_value(value)}"
    for name, value in rule.get("curve", {}).items():
        if name == "points":
            yield "curve.points = ["
            yield from (f"  {_inline(point)}," for point in value)
            yield "]"
        else:
            yield f"curve.{name} = {_value(value)}"


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in table.items()) + " }"


def _value(value: str | Decimal | int) -> str:
    return _text(value) if isinstance(value, str) else _plain(Decimal(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(number: Decimal) -> str:
    """Without an exponent and without zeros at its end."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
