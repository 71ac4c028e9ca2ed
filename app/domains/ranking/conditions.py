"""The conditions of rules, written in CEL (the Common Expression Language) and checked when compiled.

Facts that are not known are left out, never replaced: what a condition can't decide without them is
`unknown`. CEL decides what it can (`false && unknown` is false), and so do we.

All conditions are joined into list expressions, because a call into CEL costs more than what it computes.
A join fails as a whole where one part does, so facts that are not known get a placeholder there; the
answers of the conditions that name them are thrown away, and asked for one by one without placeholders.

Language: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.diagnosis import is_syntax, no_such, plainly
from app.domains.ranking.facts import Fact, Facts, FactValue
from app.domains.ranking.measures import EPOCH

KNOWN = "known"
"""The variable that lists the names of the facts that are known: `'due_at' in known`."""

LONGEST = 2000
"""Characters in one condition."""

_JOINED = 64  # conditions in one list: far from the parser's limit on the length of an expression
_ISSUE = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '\.?(\w+)")
_MATCHES = re.compile(r"""\.matches\(\s*([rR]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*\)""")
_CLOCKS = frozenset({"now", "today", "clock", "time", "hours_to", "hours_since"})
_PLACEHOLDERS: Mapping[str, Any] = {
    "bool": False,
    "int": 0,
    "double": 0.0,
    "string": "",
    "timestamp": EPOCH,
    "list(string)": [],
    "clock": [],
}


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with an expression, and where in it (both from 1; None: in all of it)."""

    message: str
    line: int | None = None
    column: int | None = None


class ConditionInvalid(ValueError):
    """The expression can't be used."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = tuple(issues)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither yes nor no."""

    outcome: Literal["unknown", "error"]
    because: str
    facts: tuple[str, ...]


Verdict: TypeAlias = bool | Undecided


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. `facts` are those it names, in their order in the text."""

    text: str
    facts: tuple[str, ...]
    names: frozenset[str]
    asks_known: bool
    program: Any = field(compare=False)
    blind: Verdict
    """Its verdict when none of the facts it names is known."""


def compile_condition(text: str) -> Condition:
    """Raises ConditionInvalid."""
    if len(text) > LONGEST:
        raise ConditionInvalid([Issue(f"longer than {LONGEST} characters")])
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ConditionInvalid([Issue("it contains half a character (a lone surrogate)")])
    program = _compiled(text, frozenset(CATALOGUE) | {KNOWN})
    if program.return_type() != _cel().Type.BOOL:
        kind = program.return_type().name()
        raise ConditionInvalid([Issue(f"a condition must be true or false; this is of type {kind}")])
    if issues := list(_patterns(text)):
        raise ConditionInvalid(issues)
    named = _named(text)
    facts = tuple(name for name in named if name != KNOWN)
    blind = _alone(program, {KNOWN: []}, facts)
    return Condition(text, facts, frozenset(facts), KNOWN in named, program, blind)


def _named(text: str) -> tuple[str, ...]:
    """The variables an expression names: CEL itself says which it lacks, however they are written."""
    named: list[str] = []
    while True:
        try:
            _environment(frozenset(named)).compile(text)
            return tuple(named)
        except RuntimeError as error:
            lacking = _UNDECLARED.findall(str(error))  # CEL stops after 20, so perhaps not all
            fresh = [name for name in dict.fromkeys(lacking) if name not in named]
            if not fresh:
                raise ConditionInvalid([Issue("it can't be analysed")]) from error
            named += fresh


def _compiled(text: str, variables: frozenset[str]) -> Any:
    try:
        return _environment(variables).compile(text)
    except RuntimeError as error:
        raise ConditionInvalid(list(_issues(str(error), text))) from error


def _issues(said: str, text: str) -> Iterator[Issue]:
    found = [(int(line), int(column), message) for line, column, message in _ISSUE.findall(said)]
    if not found:
        yield Issue("this is not a CEL expression")
    for line, column, message in found:
        bare = message.removesuffix(" [INVALID_ARGUMENT]").removesuffix(" (in container '')")
        undeclared = _UNDECLARED.match(bare)
        told = _no_such(undeclared[1]) if undeclared else plainly(bare, text)
        yield Issue(told, line if line > 0 else None, column if column > 0 else None)
        if is_syntax(bare):
            return


def _no_such(name: str) -> str:
    if name in _CLOCKS:
        return f"a condition can't see the clock, so there is no {name!r}: use a curve over a timestamp"
    return no_such(name)


def _patterns(text: str) -> Iterator[Issue]:
    """Regular expressions that are none: CEL meets them only where it comes to use one."""
    for found in _MATCHES.finditer(text):
        if not _is_pattern(found[1]):
            line = text.count("\n", 0, found.start(1)) + 1
            column = found.start(1) - text.rfind("\n", 0, found.start(1))
            yield Issue("this is no regular expression (the syntax is RE2's)", line, column)


def _is_pattern(literal: str) -> bool:
    try:
        answer = _environment(frozenset()).compile(f"''.matches({literal})").eval(data={}).value()
    except RuntimeError:
        return False
    return isinstance(answer, bool)


@cache
def _cel() -> Any:
    # Imported when a ruleset is first compiled: 20 ms that a command without ranking does not need.
    from cel_expr_python import cel  # noqa: PLC0415 - see above

    return cel


@cache
def _types() -> Mapping[str, Any]:
    kinds = _cel().Type
    return {
        "bool": kinds.BOOL,
        "int": kinds.INT,
        "double": kinds.DOUBLE,
        "string": kinds.STRING,
        "timestamp": kinds.TIMESTAMP,
        "list(string)": kinds.List(kinds.STRING),
        "clock": kinds.List(kinds.TIMESTAMP),
    }


@cache
def _environment(names: frozenset[str]) -> Any:
    types = _types()
    known = {KNOWN: types["list(string)"]} if KNOWN in names else {}
    facts = {name: types[CATALOGUE[name].type] for name in names - {KNOWN}}
    return _cel().NewEnv(variables=facts | known)


def _alone(program: Any, values: Mapping[str, Any], facts: tuple[str, ...]) -> Verdict:
    """One condition by itself, over what is known and nothing else."""
    try:
        answer = program.eval(data=values).value()
    except RuntimeError as error:
        answer = str(error)
    if isinstance(answer, bool):
        return answer
    missing = tuple(name for name in facts if name not in values)
    said = str(answer)
    if missing and said.startswith("UNKNOWN: No value with name"):
        return Undecided("unknown", f"Not known: {', '.join(missing)}", missing)
    reason = re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", said)
    return Undecided("error", f"The rule could not be applied: {reason}", facts)


class Conditions:
    """The conditions of one ruleset, compiled once. Safe to share between threads."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._conditions = tuple(conditions)
        names = sorted(frozenset[str]().union(*(condition.names for condition in conditions)))
        self._asks_known = any(condition.asks_known for condition in conditions)
        self._names = tuple(names)
        self._blanks = {name: _PLACEHOLDERS[CATALOGUE[name].type] for name in names}
        chunks = [conditions[at : at + _JOINED] for at in range(0, len(conditions), _JOINED)]
        self._joins = [(chunk, _join(chunk)) for chunk in chunks]

    def decide(self, known: Mapping[str, FactValue]) -> list[Verdict]:
        """A verdict for each condition, in the order they were given, over the values of the facts that are known."""
        values = dict(self._blanks)
        missing = set()
        for name in self._names:
            value = known.get(name)
            if value is None:
                missing.add(name)
            else:
                values[name] = list(value) if type(value) is tuple else value
        if self._asks_known:
            values[KNOWN] = sorted(known)
        verdicts: list[Verdict] = []
        alone = _single(values, missing)
        for chunk, join in self._joins:
            answers = _answers(join, values)
            if answers is None:
                verdicts += [alone(condition) for condition in chunk]
                continue
            for condition, answer in zip(chunk, answers, strict=True):
                complete = condition.names.isdisjoint(missing)
                verdicts.append(answer if complete else alone(condition))
        return verdicts


def _join(conditions: Sequence[Condition]) -> Any:
    # The line break ends a comment that the condition may end with.
    text = ",".join(f"({condition.text}\n)" for condition in conditions)
    try:
        return _environment(frozenset(CATALOGUE) | {KNOWN}).compile(f"[{text}]")
    except RuntimeError:
        return None  # one nested as deep as CEL allows: each is asked alone, only slower


def _answers(join: Any, values: Mapping[str, Any]) -> list[bool] | None:
    """The joined conditions' answers; None where one of them fails, perhaps only for a placeholder."""
    if join is None:
        return None
    try:
        answers = join.eval(data=values).plain_value()
    except RuntimeError:
        return None
    return answers if isinstance(answers, list) else None


def _single(values: Mapping[str, Any], missing: set[str]) -> Callable[[Condition], Verdict]:
    """Asks one condition at a time, over its own facts only, so that a bad value harms no other condition."""

    def ask(condition: Condition) -> Verdict:
        if condition.names and condition.names <= missing and not condition.asks_known:
            return condition.blind
        given = {name: values[name] for name in condition.facts if name not in missing}
        if condition.asks_known:
            given[KNOWN] = values[KNOWN]
        return _alone(condition.program, given, condition.facts)

    return ask


def evidence(condition: Condition, facts: Facts) -> tuple[str | None, Fact | None]:
    """The fact a line rests on: the first one named that has a quote, else the first that is known."""
    first: tuple[str | None, Fact | None] = (None, None)
    for name in condition.facts:
        if (fact := facts.get(name)) is None:
            continue
        if fact.quote is not None:
            return name, fact
        if first[1] is None:
            first = name, fact
    return first
