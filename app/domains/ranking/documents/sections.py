"""One table of a ruleset's document, read by type; what is wrong is collected, not raised at the first.

Every getter gives a harmless value after it has noted a problem, so that reading goes on and a person sees
all problems at once. `finish` notes the keys that nobody asked for.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.conditions import Condition, ConditionInvalid, compile_condition
from app.domains.ranking.reasons import QUOTE, Template, template
from app.domains.ranking.rules import Problem
from app.domains.ranking.spelling import suggestion

_LONGEST_NUMBER = 60
"""Digits before or behind the point of a number, and bits of a whole one: far beyond whatever anybody means."""
HIGHEST = 1_000_000
"""Points, in either direction."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SPAN = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([wdhms])")
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


class Section:
    """A table and where it stands."""

    def __init__(
        self, data: Any, where: str, problems: list[Problem], *, rule: str | None = None, within: str = ""
    ) -> None:
        """`rule` is the id of the rule that it belongs to, `within` where in that it stands: «curve.points[2]»."""
        self.where = where
        self._rule = rule
        self._within = within
        self._problems = problems
        self._data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self._asked: list[str] = []
        if not isinstance(data, Mapping):
            self.problem("is needed" if data is None else "must be a table")

    def problem(
        self, message: str, key: str | None = None, *, line: int | None = None, column: int | None = None
    ) -> None:
        self._problems.append(Problem(_dotted(self.where, key), message, line, column, self._rule, self._field(key)))

    def _field(self, key: str | None) -> str | None:
        return _dotted(self._within, key) or None

    def has(self, key: str) -> bool:
        self._asked.append(key)
        return key in self._data

    def raw(self, key: str) -> Any:
        self._asked.append(key)
        return self._data.get(key)

    def is_id(self, name: str) -> bool:
        """Whether a key can be an id; where it can't, that is a problem."""
        if not _ID.fullmatch(name):
            self.problem(f"{name!r} must be made of a-z, 0-9 and -, at most 64 of them")
            return False
        return True

    def names(self) -> list[str]:
        """All its keys, which are then asked for."""
        self._asked += self._data
        return list(self._data)

    def finish(self) -> None:
        for key in self._data:
            if key not in self._asked:
                self.problem(f"there is no such key{suggestion(str(key), self._asked)}", str(key))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Needed where it has no default."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.problem("is needed" if value is None else "must be a text that is not empty", key)
            return default or ""
        return value.strip()

    def id(self, key: str) -> str:
        value = self.text(key)
        if value and not _ID.fullmatch(value):
            self.problem("may only have a-z, 0-9 and -, at most 64 of them", key)
        return value

    def choice(self, key: str, options: Mapping[str, Any]) -> str | None:
        """One of the options; None where the key is absent or wrong."""
        if not self.has(key):
            return None
        value = self.text(key)
        if value and value not in options:
            known = ", ".join(options)
            self.problem(f"there is no {value!r} (but: {known}){suggestion(value, options)}", key)
        return value if value in options else None

    def fact(self, key: str, types: frozenset[str] = frozenset()) -> str | None:
        """The name of a fact, of one of the types; None where the key is absent or wrong."""
        if not self.has(key):
            return None
        name = self.text(key)
        kind = CATALOGUE.get(name)
        if kind is None:
            self.problem(f"there is no fact {name!r}{suggestion(name, CATALOGUE)}", key)
        elif types and kind.type not in types:
            self.problem(f"{name!r} is of type {kind.type}; this needs a {' or '.join(sorted(types))}", key)
        else:
            return name
        return None

    def whole(self, key: str, *, default: int) -> int:
        value = self._data.get(key, default)
        self._asked.append(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
            self.problem("must be a whole number from 1", key)
            return default
        return value

    def flag(self, key: str) -> bool:
        """False where it is absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.problem("must be true or false", key)
        return value is True

    def decimal(self, key: str) -> Decimal | None:
        """A number, exactly as written."""
        given = self.raw(key)
        value = None if isinstance(given, str) else exact(given)
        if value is None:
            self.problem("must be a number" if key in self._data else "is needed", key)
        return value

    def units(self, key: str, resolution: Decimal, *, zero: bool = True) -> int:
        """Points as a multiple of the resolution."""
        points = self.decimal(key)
        if points is None:
            return 0
        if abs(points) > HIGHEST:
            self.problem(f"must be between -{HIGHEST} and {HIGHEST}", key)
            return 0
        units = Fraction(points) / Fraction(resolution)
        if units.denominator != 1:
            self.problem(f"{points} is not a multiple of the resolution, {resolution}", key)
        if not units and not zero:
            self.problem("must not be 0", key)
        return units.numerator // units.denominator

    def seconds(self, key: str) -> int:
        """A span: a number of hours, or a text such as "7d", "24h", "90m", "-2w"."""
        value = self.raw(key)
        match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
        number = exact(match[1]) if match else exact(value)
        if number is None or abs(number) > HIGHEST:
            self.problem('must be hours, or a text such as "7d", "24h" or "90m"', key)
            return 0
        seconds = Fraction(number) * (_SECONDS[match[2]] if match else 3_600)
        if seconds.denominator != 1:
            self.problem("must be whole seconds", key)
        return int(seconds)

    def template(self, key: str) -> Template:
        text = self.text(key)
        try:
            made = template(text)
        except ValueError as error:
            self.problem(str(error), key)
            return template("")
        for name in made.names:
            if name not in CATALOGUE and name != QUOTE:
                self.problem(f"there is no fact {name!r}{suggestion(name, [*CATALOGUE, QUOTE])}", key)
        return made

    def condition(self, key: str) -> Condition | None:
        """None where it is absent or wrong."""
        if not self.has(key):
            return None
        text = self.text(key)
        try:
            return compile_condition(text) if text else None
        except ConditionInvalid as error:
            for issue in error.issues:
                self.problem(issue.message, key, line=issue.line, column=issue.column)
        return None

    def table(self, key: str) -> "Section":
        return Section(
            self.raw(key),
            _dotted(self.where, key),
            self._problems,
            rule=self._rule,
            within=_dotted(self._within, key),
        )

    def tables(self, key: str, *, most: int) -> list["Section"]:
        """The tables of a list; none where it is absent."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            self.problem(f"must be a list of at most {most} tables", key)
            return []
        prefix = _dotted(self.where, key)
        return [self._entry(data, key, at, prefix) for at, data in enumerate(value, 1)]

    def _entry(self, data: Any, key: str, at: int, prefix: str) -> "Section":
        """«rules[3] deadline-24h»: counted from 1, as people do, and by its id where it has one."""
        own = data.get("id") if isinstance(data, Mapping) else None
        name = own if isinstance(own, str) else None
        place = f"{prefix}[{at}] {name}" if name else f"{prefix}[{at}]"
        if self._rule is None and name:
            return Section(data, place, self._problems, rule=name)
        within = f"{_dotted(self._within, key)}[{at}]"
        return Section(data, place, self._problems, rule=self._rule, within=within)


def _dotted(place: str, key: str | None) -> str:
    return f"{place}.{key}" if place and key else place or key or ""


def exact(value: object) -> Decimal | None:
    """A finite number exactly as it is written; None for anything else, and for one of absurd length."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _LONGEST_NUMBER else None
