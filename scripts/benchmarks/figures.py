"""Figures, their aims, and the table they are shown in."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Literal

Unit = Literal["", "/s", "µs", "ms", "s", "MB", "%"]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at least, or at most."""

    sort: Literal["≥", "≤"]
    value: float

    def met_by(self, value: float) -> bool:
        return value >= self.value if self.sort == "≥" else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Where it was measured several times, `value` is the median of `rounds`."""

    subject: str
    what: str
    value: float
    unit: Unit = ""
    aim: Aim | None = None
    rounds: Sequence[float] = ()
    note: str = ""

    @property
    def met(self) -> bool | None:
        return self.aim.met_by(self.value) if self.aim else None


@dataclass(slots=True)
class Sheet:
    """The figures of one subject on one database, in the order in which they were measured."""

    subject: str
    database: str
    figures: list[Figure] = field(default_factory=list)

    def add(
        self, what: str, values: float | Sequence[float], unit: Unit = "", *, aim: Aim | None = None, note: str = ""
    ) -> None:
        rounds = [values] if isinstance(values, int | float) else list(values)
        self.figures.append(Figure(self.subject, what, median(rounds), unit, aim, rounds, note))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def as_json(sheet: Sheet) -> list[dict[str, Any]]:
    return [asdict(figure) | {"database": sheet.database, "met": figure.met} for figure in sheet.figures]


def table(sheet: Sheet) -> str:
    """The sheet as lines of text: what, how much, between what, and whether the aim was met."""
    rows = [(figure.what, shown(figure.value, figure.unit), _spread(figure), _aim(figure)) for figure in sheet.figures]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    lines = [f"{sheet.subject}, {sheet.database}"]
    for what, value, spread, aim in rows:
        lines.append(f"  {what:<{widths[0]}}  {value:>{widths[1]}}  {spread:<{widths[2]}}  {aim}".rstrip())
    return "\n".join(lines)


def shown(value: float, unit: Unit = "") -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit in ('', '/s', '%') else ' '}{unit}"


def _spread(figure: Figure) -> str:
    if len(figure.rounds) < 2:
        return ""
    return f"({shown(min(figure.rounds))} to {shown(max(figure.rounds))})"


def _aim(figure: Figure) -> str:
    said = []
    if figure.aim:
        said.append(
            f"aim {figure.aim.sort} {shown(figure.aim.value, figure.unit)}: {'met' if figure.met else 'missed'}"
        )
    if figure.note:
        said.append(figure.note)
    return "; ".join(said)
