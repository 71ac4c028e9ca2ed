"""Rules that can never give anything: found by trying every sort of value that their conditions can tell apart.

A condition that compares facts with literals and with each other can't tell apart more values than the literals, their
neighbours and a few beside them. So if none of all their combinations makes it true, nothing does. Where a condition
calculates or calls functions that look into texts, nothing is claimed. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice, pairwise, product
from typing import Any

from app.domains.ranking.catalogue import CATALOGUE, FactKind
from app.domains.ranking.conditions import KNOWN, Condition
from app.domains.ranking.curves import Curve
from app.domains.ranking.measures import EPOCH
from app.domains.ranking.rules import Override, Problem, Rule

_MOST_TRIED = 4_000
_LONGEST_LIST = 20
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_PLAIN = re.compile(r"(?:\s|[A-Za-z_]\w*|\d+(?:\.\d+)?|==|!=|<=|>=|&&|\|\||[<>!()\[\],?:])*")
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")


def unreachable(rules: Sequence[Rule], overrides: Sequence[Override]) -> Iterator[Problem]:
    """A problem for each rule or override that can never do anything."""
    for at, rule in enumerate(rules, 1):
        where = f"rules[{at}] {rule.id}"
        needed = _fact_of(rule)
        if isinstance(rule.curve, Curve) and not any(s.units or s.rise for s in rule.curve.segments):
            yield Problem(f"{where}.curve", "gives no points anywhere", rule=rule.id, field="curve")
        elif rule.condition is not None and not _can_hold(rule.condition, needed):
            yield _never(where, rule.id, rule.condition, needed)
    settled: str | None = None
    for at, override in enumerate(overrides, 1):
        where = f"overrides[{at}] {override.id}"
        if not _can_hold(override.condition, None):
            yield _never(where, override.id, override.condition, None)
        elif override.tier and settled:
            said = f"can never be reached: {settled!r} always decides the tier before it"
            yield Problem(where, said, rule=override.id)
        elif override.tier and override.condition.blind is True and not override.condition.facts:
            settled = override.id


def _never(where: str, rule: str, condition: Condition, needed: str | None) -> Problem:
    said = "can never hold, so the rule can never be reached"
    if needed and _can_hold(condition, None):
        said = f"can never hold while {needed} is known, and the curve needs it: the rule can never be reached"
    for name in condition.facts:
        if words := CATALOGUE[name].words:
            said += f"; {name} is one of {', '.join(words)}"
    return Problem(f"{where}.when", said, rule=rule, field="when")


def _fact_of(rule: Rule) -> str | None:
    return rule.curve.fact if rule.curve else None


def _can_hold(condition: Condition, needed: str | None) -> bool:
    """False only where it is certain that nothing makes it true. `needed` is a fact that has to be known."""
    if condition.blind is True and needed not in condition.facts:
        return True
    text = condition.text
    if not _is_plain(text) or "\\" in text:  # a literal with an escape is not the text it stands for
        return True
    texts = [one or other for one, other in _STRING.findall(text)]
    bare = _STRING.sub(" ", text)
    numbers = sorted({float(number) for number in _NUMBER.findall(bare)})
    if "size" in bare and any(number >= _LONGEST_LIST for number in numbers):
        return True
    names = dict.fromkeys([*condition.facts, *(name for name in texts if name in CATALOGUE)])
    if needed:
        names[needed] = None
    choices = [_values(CATALOGUE[name], texts, numbers, known=name == needed) for name in names]
    tried = 0
    for values in islice(product(*choices), _MOST_TRIED):
        tried += 1
        if _holds(condition, dict(zip(names, values, strict=True))):
            return True
    return tried == _MOST_TRIED


def _is_plain(text: str) -> bool:
    """Whether it only compares, joins, asks for sizes and for membership."""
    bare = _STRING.sub(" ", text)
    return bool(_PLAIN.fullmatch(bare)) and set(_CALL.findall(bare)) <= {"size", "in"}


def _holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    known = {name: value for name, value in values.items() if value is not None}
    given = {name: value for name, value in known.items() if name in condition.names}
    if condition.asks_known:
        given[KNOWN] = sorted(known)
    try:
        return condition.program.eval(data=given).value() is True
    except RuntimeError:
        return False


def _values(kind: FactKind, texts: Sequence[str], numbers: Sequence[float], *, known: bool) -> list[Any]:
    """One of each sort of value that a condition with these literals can tell apart; None stands for unknown."""
    found: list[Any] = list(_sorts(kind, texts, numbers))
    return found if known else [None, *found]


def _sorts(kind: FactKind, texts: Sequence[str], numbers: Sequence[float]) -> Iterator[Any]:
    if kind.type == "bool":
        yield from (True, False)
    elif kind.type == "timestamp":
        yield from (EPOCH + timedelta(days=day) for day in range(3))
    elif kind.type == "string":
        yield from kind.words or (*dict.fromkeys(texts), "any other")
    elif kind.type == "list(string)":
        longest = int(max(numbers, default=0)) + 2
        fillers = [f"any other {number}" for number in range(longest)]
        yield from (fillers[:size] for size in range(longest))
        yield from ([text, *fillers[:size]] for text in dict.fromkeys(texts) for size in range(longest - 1))
        yield list(dict.fromkeys(texts))
    elif kind.type == "clock":
        yield from ([EPOCH] * size for size in range(int(max(numbers, default=0)) + 2))
    else:
        yield from _amounts(kind, numbers)


def _amounts(kind: FactKind, numbers: Sequence[float]) -> Iterator[int | float]:
    near = {number + step for number in (0.0, *numbers) for step in (-1, 0, 1, 2)}
    if kind.type == "double":
        near |= {(one + other) / 2 for one, other in pairwise(numbers)}
        yield from sorted(near)
        return
    most = kind.most if kind.most is not None else max(near)
    yield from sorted({int(number) for number in near | {most} if 0 <= number <= most})
