"""Coefficients that people made up in their .taskrc, each as a rule: projects, tags, keywords, attributes of their own.

Pure. A rule is a table as the document has it. What Taskwarrior asks and no fact here answers gives a sentence instead.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.domains.ranking.conditions import LONGEST

Made = dict[str, Any] | str
"""A rule, or why there is none: «urgency.uda.recur.coefficient …»."""

_OWN = re.compile(r"urgency\.(user\.project|user\.tag|user\.keyword|uda)\.(.*?)\.coefficient", re.DOTALL)

# What Taskwarrior calls an attribute or a virtual tag, as a condition.
_HAS = {
    "due": "due_from != 'words'",
    "scheduled": "'scheduled_at' in known",
    "start": "'started_at' in known",
    "wait": "'wait_until' in known",
    "project": "'project' in known",
    "tags": "label_count > 0",
    "priority": "'priority' in known || attributes.exists(each, each.startsWith('priority='))",
}
_VIRTUAL = {
    "ACTIVE": _HAS["start"],
    "ANNOTATED": "notes > 0",
    "BLOCKED": "blocked > 0",
    "BLOCKING": "blocking > 0",
    "PRIORITY": _HAS["priority"],
    "PROJECT": _HAS["project"],
    "SCHEDULED": _HAS["scheduled"],
    "TAGGED": _HAS["tags"],
    "UNBLOCKED": "blocked == 0",
}
_BY_THE_CLOCK = {
    "OVERDUE": ("due_at", "-1s"),
    "WAITING": ("wait_until", None),
}
_NOT_VIRTUAL_HERE = (
    *("CHILD", "COMPLETED", "DELETED", "DUE", "DUETODAY", "INSTANCE", "LATEST", "MONTH", "ORPHAN", "PARENT", "PENDING"),
    *("QUARTER", "READY", "TEMPLATE", "TODAY", "TOMORROW", "UDA", "UNTIL", "WEEK", "YEAR", "YESTERDAY"),
)
_NO_FACT_HERE = (
    *("annotations", "depends", "description", "end", "entry", "id", "imask", "last", "mask", "modified", "parent"),
    *("recur", "rtype", "status", "template", "until", "urgency", "uuid"),
)
_PRIORITIES = {"H": "high", "M": "normal", "L": "low"}
_NO_PLACES = str.maketrans("{}[]", "()()")
"""In a sentence these marks mean a place for a fact."""


def is_own(name: str) -> bool:
    """Whether Taskwarrior takes the name for a coefficient of its user's own."""
    return _OWN.match(name) is not None


def rule_of(name: str, points: Decimal) -> Made:
    """The rule of a coefficient for which `is_own` holds; its id may be another rule's already."""
    match = _OWN.match(name)
    kind, what = (match[1], match[2]) if match else ("", "")
    if not what:
        return "names nothing"
    make: Mapping[str, Callable[[str, Decimal], Made]] = {
        "user.project": _project,
        "user.tag": _tag,
        "user.keyword": _keyword,
        "uda": _attribute,
    }
    made = make[kind](what, points)
    if isinstance(made, dict) and len(made.get("when", "")) > LONGEST:
        return "is too long for a condition"
    return made


def _project(name: str, points: Decimal) -> dict[str, Any]:
    when = f"project == {_cel(name)} || project.startsWith({_cel(name + '.')})"
    return _fixed(f"project-{name}", f"Project {name}", when, points, "Belongs to the project {project}")


def _tag(name: str, points: Decimal) -> Made:
    if name in _NOT_VIRTUAL_HERE:
        return "is a virtual tag that has no condition here"
    if name in _BY_THE_CLOCK:
        return _by_the_clock(name, points)
    title = f"Tagged {name}"
    when = _VIRTUAL.get(name, f"{_cel(name)} in labels")
    return _fixed(f"tag-{name}", title, when, points, f"Taskwarrior's tag {name} holds" if name in _VIRTUAL else title)


def _by_the_clock(name: str, points: Decimal) -> dict[str, Any]:
    fact, begins = _BY_THE_CLOCK[name]
    at = begins or "0h"
    steps = [Decimal(0), points] if begins else [points, Decimal(0)]
    curve = {"hours_to": fact, "points": [{"at": at, "points": step} for step in steps]}
    say = f"{'Overdue since' if begins else 'Hidden until'} {{{fact}}}"
    made = {"id": _slug(f"tag-{name}"), "title": f"Tagged {name}", "say": say, "curve": curve}
    return {**made, "when": _HAS["due"]} if fact == "due_at" else made


def _keyword(name: str, points: Decimal) -> dict[str, Any]:
    said = f"Its title has “{name}” in it"
    return _fixed(f"keyword-{name}", f"Says {name}", f"title.contains({_cel(name)})", points, said)


def _attribute(said: str, points: Decimal) -> Made:
    name, dot, value = said.partition(".")
    if name in _NO_FACT_HERE:
        return "asks for what no fact here says"
    holds = _HAS.get(name, _among_attributes(name))
    if not dot:
        return _fixed(f"uda-{name}", f"Has {name}", holds, points, f"It has a value for {name}")
    if not value:
        return _fixed(f"uda-{name}-none", f"No {name}", _lacks(name), points, f"It has no value for {name}")
    if name == "priority" and value in _PRIORITIES:
        holds = f"priority == {_cel(_PRIORITIES[value])}"
    elif name == "project":
        holds = f"project == {_cel(value)}"
    elif name in _HAS and name != "priority":
        return "asks for a value that no fact here says"
    else:
        holds = f"{_cel(f'{name}={value}')} in attributes"
    return _fixed(f"uda-{name}-{value}", f"{name}: {value}", holds, points, f"Its {name} is {value}")


def _among_attributes(name: str) -> str:
    return f"attributes.exists(each, each.startsWith({_cel(name + '=')}))"


def _lacks(name: str) -> str:
    """Where a task has no attributes at all, they are unknown, and so is every question about them."""
    not_among = f"(!('attributes' in known) || !{_among_attributes(name)})"
    if name == "priority":
        return f"!('priority' in known) && {not_among}"
    return f"!({_HAS[name]})" if name in _HAS else not_among


def _fixed(id_: str, title: str, when: str, points: Decimal, say: str) -> dict[str, Any]:
    said = say if "{project}" in say else say.translate(_NO_PLACES)
    return {"id": _slug(id_), "title": title, "when": when, "points": points, "say": said}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


def _cel(text: str) -> str:
    """As a text in a condition, as plainly as can be."""
    if re.search(r"[\\\x00-\x1f]", text) or ("'" in text and '"' in text):
        return json.dumps(text, ensure_ascii=False)
    return f'"{text}"' if "'" in text else f"'{text}'"
