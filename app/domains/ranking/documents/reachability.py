"""Rules that can never give anything: found by trying every sort of value that their conditions can tell apart.

Something is claimed only of conditions that compare single facts with literals, ask what a list holds or what is known,
and join that by `&&`, `||` and `!`. Such a condition can't tell apart more values than its literals, their neighbours
and one beside them: if none of their combinations makes it true, nothing does. Of others nothing is claimed. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from math import prod
from typing import Any

from app.domains.ranking.catalogue import CATALOGUE, FactKind
from app.domains.ranking.conditions import KNOWN, Condition
from app.domains.ranking.curves import Curve
from app.domains.ranking.measures import EPOCH
from app.domains.ranking.rules import Override, Problem, Rule

_MOST_TRIED = 4_000
"""Combinations of one condition; where there are more, nothing is claimed."""
_MOST_TEXTS = 8
"""Of one list: all of their subsets are tried."""

_TEXT = r"""(?:'[^'\\\n]*'|"[^"\\\n]*")"""
_NUMBER = r"-?\d+(?:\.\d+)?(?![\w.])"
_LITERAL = rf"(?:{_TEXT}|{_NUMBER}|true\b|false\b)"
_NAME = r"[A-Za-z_]\w*"
_OPERATOR = r"(?:==|!=|<=|>=|<|>)"
_ATOM = re.compile(
    rf"{_NAME}\s*{_OPERATOR}\s*{_LITERAL}"
    rf"|{_LITERAL}\s*{_OPERATOR}\s*{_NAME}"
    rf"|{_NAME}\s+in\s*\[\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*\s*\]"
    rf"|{_TEXT}\s+in\s+{_NAME}"
    rf"|{_NAME}(?!\s*[\w(.\[])"
)
_SKELETON = re.compile(r"(?:@|&&|\|\||[!()\s])*")


def unreachable(rules: Sequence[Rule], overrides: Sequence[Override]) -> Iterator[Problem]:
    """A problem for each rule or override that can never do anything."""
    for at, rule in enumerate(rules, 1):
        where = f"rules[{at}] {rule.id}"
        needed = rule.curve.fact if rule.curve else None
        if isinstance(rule.curve, Curve) and not any(s.units or s.rise for s in rule.curve.segments):
            yield Problem(f"{where}.curve", "gives no points anywhere", rule=rule.id, field="curve")
        elif rule.condition is not None and not can_hold(rule.condition, needed):
            yield _never(where, rule.id, rule.condition, needed)
    settled: str | None = None
    for at, override in enumerate(overrides, 1):
        where = f"overrides[{at}] {override.id}"
        if not can_hold(override.condition):
            yield _never(where, override.id, override.condition, None)
        elif override.tier and settled:
            said = f"can never be reached: {settled!r} always decides the tier before it"
            yield Problem(where, said, rule=override.id)
        elif override.tier and override.condition.blind is True and not override.condition.names:
            settled = override.id


def _never(where: str, rule: str, condition: Condition, needed: str | None) -> Problem:
    said = "can never hold, so the rule can never be reached"
    if needed and can_hold(condition):
        said = f"can never hold while {needed} is known, and the curve needs it: the rule can never be reached"
    for name in condition.facts:
        kind = CATALOGUE[name]
        if kind.words:
            said += f"; {name} is one of {', '.join(kind.words)}"
        elif kind.most is not None:
            said += f"; {name} is from 0 to {kind.most}"
    return Problem(f"{where}.when", said, rule=rule, field="when")


def can_hold(condition: Condition, needed: str | None = None) -> bool:
    """False only where it is certain that nothing makes it true. `needed` is a fact that has to be known."""
    if condition.blind is True and needed is None:
        return True
    literals = _literals(condition)
    if literals is None:
        return True
    if needed is not None:
        literals.setdefault(needed, [])
    choices = [_values(CATALOGUE[name], found, known=name == needed) for name, found in literals.items()]
    if any(each is None for each in choices) or prod(len(each or ()) for each in choices) > _MOST_TRIED:
        return True
    tried = product(*(each or () for each in choices))
    return any(_holds(condition, dict(zip(literals, values, strict=True))) for values in tried)


def _literals(condition: Condition) -> dict[str, list[Any]] | None:
    """What each fact is compared with; None for a condition of which nothing is claimed."""
    atoms: list[str] = []

    def note(found: re.Match[str]) -> str:
        atoms.append(found[0])
        return "@"

    if not _SKELETON.fullmatch(_ATOM.sub(note, condition.text)):
        return None
    literals: dict[str, list[Any]] = {}
    for atom in atoms:
        bare = re.sub(_TEXT, " ", atom)
        names = [name for name in re.findall(r"[A-Za-z_]\w*", bare) if name in CATALOGUE or name == KNOWN]
        texts = [text[1:-1] for text in re.findall(_TEXT, atom)]
        if KNOWN in names:
            for text in texts:
                if text in CATALOGUE:
                    literals.setdefault(text, [])
        for name in names:
            if name != KNOWN:
                literals.setdefault(name, []).extend([*texts, *map(float, re.findall(_NUMBER, bare))])
    return literals


def _holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    known = {name: value for name, value in values.items() if value is not None}
    given = {name: value for name, value in known.items() if name in condition.names}
    if condition.asks_known:
        given[KNOWN] = sorted(known)
    try:
        return condition.program.eval(data=given).value() is True
    except RuntimeError:
        return False


def _values(kind: FactKind, literals: Sequence[Any], *, known: bool) -> list[Any] | None:
    """One of each sort of value that a condition with these literals can tell apart; None among them stands for
    unknown. None where there are too many."""
    texts = list(dict.fromkeys(each for each in literals if isinstance(each, str)))
    numbers = sorted({each for each in literals if isinstance(each, float)})
    if kind.type == "list(string)" and len(texts) > _MOST_TEXTS:
        return None
    found: list[Any] = list(_sorts(kind, texts, numbers))
    return found if known else [None, *found]


def _sorts(kind: FactKind, texts: Sequence[str], numbers: Sequence[float]) -> Iterator[Any]:
    if kind.type == "bool":
        yield from (True, False)
    elif kind.type == "timestamp":
        yield EPOCH
    elif kind.type == "clock":
        yield [EPOCH]
    elif kind.type == "string":
        yield from kind.words or _around(texts)
    elif kind.type == "list(string)":
        yield from (list(some) for size in range(len(texts) + 1) for some in combinations(texts, size))
    else:
        yield from _amounts(kind, numbers)


def _around(texts: Sequence[str]) -> Iterator[str]:
    """Each text, and one right before and after it: strings are compared letter by letter."""
    yield ""
    for text in texts:
        yield from (text, f"{text}\x01", text[:-1] + chr(max(1, ord(text[-1]) - 1)) + "\x7f" if text else "\x01")
    yield "\U0010fffd"


def _amounts(kind: FactKind, numbers: Sequence[float]) -> Iterator[int | float]:
    near = {number + step for number in (0.0, *numbers) for step in (-1, 0, 1)}
    near |= {(one + other) / 2 for one, other in pairwise(numbers)}
    if kind.type == "double":
        yield from sorted(near)
        return
    most = kind.most if kind.most is not None else max(near) + 1
    yield from sorted({int(number) for number in near | {most} if 0 <= number <= most})
