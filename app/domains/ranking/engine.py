"""The ranking engine: `score(facts, ruleset, now)`, a pure function, and `standing`, the same without its sentences.

Same input, same bytes. Time enters only through curves, so `valid_until` is exact: until then the same
facts give the same lines, points and band. Facts that an LLM proposed have no influence yet: the place kept
for them is the group `llm`. How tasks that wait for each other are scored together is told in network.py.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domains.ranking.conditions import Undecided, evidence
from app.domains.ranking.explanation import Checked, Contribution, Score, Standing, order_key
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.reasons import Template, moment_words, words
from app.domains.ranking.rules import Override, Rule, Ruleset
from app.domains.ranking.service_levels import clocks
from app.domains.ranking.sheet import Line, Off, Quiet, Sheet, Waiting
from app.domains.ranking.storage import StoredFacts, values_by_name

__all__ = ["order_key", "score", "standing"]


def score(facts: Facts, ruleset: Ruleset, now: datetime, waiting: Sequence[Waiting] = ()) -> Score:
    """Where a task with these facts stands at `now` (aware), with every line. No fact and no rule makes it raise.

    `waiting` are the open tasks that wait for it; see network.score_all, which finds out where they stand.
    """
    at = _whole(now)
    facts = _without_proposals(facts)
    known = values_by_name(facts)
    sheet = Sheet(known, ruleset, epoch_seconds(at), waiting)
    contributions = tuple([_contribution(line, ruleset, facts) for line in sheet.lines])
    return Score(
        ruleset=ruleset.name,
        version=ruleset.version,
        at=at,
        tier=sheet.tier or "normal",
        points=ruleset.points(sheet.units),
        band=ruleset.band(sheet.units),
        valid_until=_until(sheet),
        contributions=contributions,
        also_checked=tuple([_checked(off, ruleset) for off in sheet.off]),
        reasons=_reasons_of(sheet.lines, contributions),
        clocks=clocks(known, sheet.targets, epoch_seconds(at)),
    )


def standing(facts: Facts, ruleset: Ruleset, now: datetime, waiting: Sequence[Waiting] = ()) -> Standing:
    """What `score` says of tier, points, band, reasons and `valid_until`, at a third of the cost."""
    at = _whole(now)
    facts = _without_proposals(facts)
    sheet = Sheet(values_by_name(facts), ruleset, epoch_seconds(at), waiting)
    return standing_of(sheet, facts, ruleset, at)


def standing_of(sheet: Sheet, facts: Facts, ruleset: Ruleset, at: datetime) -> Standing:
    """A counted sheet as it is stored."""
    return Standing(
        at=at,
        tier=sheet.tier or "normal",
        points=ruleset.points(sheet.units),
        band=ruleset.band(sheet.units),
        valid_until=_until(sheet),
        reasons=_reasons(sheet.lines, facts),
    )


def _whole(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("now needs a time zone")
    return now.astimezone(UTC).replace(microsecond=0)


def _until(sheet: Sheet) -> datetime | None:
    return None if sheet.next_change is None else moment(sheet.next_change)


def _without_proposals(facts: Facts) -> Facts:
    if isinstance(facts, StoredFacts) or all(fact.source != "llm" for fact in facts.values()):
        return facts
    return {name: fact for name, fact in facts.items() if fact.source != "llm"}


def _contribution(line: Line, ruleset: Ruleset, facts: Facts) -> Contribution:
    name, fact = _evidence(line.entry, facts) if line.entry else (None, None)
    quote, item = (None, None) if fact is None else (fact.quote, fact.item)
    return Contribution(line.rule, line.title, ruleset.points(line.units), _said(line, facts, fact), name, quote, item)


def _said(line: Line, facts: Facts, fact: Fact | None) -> str:
    return line.say.render(facts, fact) if isinstance(line.say, Template) else line.say


def _checked(off: Off, ruleset: Ruleset) -> Checked:
    entry, why, facts = off
    if why is False:
        return ruleset.unmet[entry.id]
    if isinstance(why, Undecided):
        return ruleset.told(entry, why)
    if isinstance(why, Quiet):
        return Checked(entry.id, entry.title, "no", _nothing_yet(why), facts)
    return Checked(entry.id, entry.title, "no", str(why), facts)


def _nothing_yet(why: Quiet) -> str:
    at = None if why.starts is None else moment(why.starts)
    return f"No points for {why.fact} {words(why.value)}" if at is None else f"Gives points from {moment_words(at)}"


def _reasons(lines: Sequence[Line], facts: Facts) -> tuple[str, ...]:
    """The strongest line above zero, and the strongest one after it that rests on something else."""
    strong = [line for line in lines if line.units > 0]
    strong.sort(key=_weight)  # stable: ties stay in the rules' order
    said: list[str] = []
    first: str | None = None
    for line in strong:
        name, fact = _evidence(line.entry, facts) if line.entry else (None, None)
        if said and name is not None and name == first:
            continue
        said.append(_said(line, facts, fact))
        if len(said) == 2:
            break
        first = name
    return tuple(said)


def _weight(line: Line) -> int:
    return -line.units


def _reasons_of(lines: Sequence[Line], said: Sequence[Contribution]) -> tuple[str, ...]:
    """The same, where all lines have their sentences already."""
    strong = [each for line, each in sorted(zip(lines, said, strict=True), key=_pair_weight) if line.units > 0]
    others = [each for each in strong[1:] if each.fact is None or each.fact != strong[0].fact]
    return tuple(each.because for each in (*strong[:1], *others[:1]))


def _pair_weight(pair: tuple[Line, Contribution]) -> int:
    return -pair[0].units


def _evidence(entry: Rule | Override, facts: Facts) -> tuple[str | None, Fact | None]:
    """The fact a line rests on."""
    name = entry.fact
    if name is None and isinstance(entry, Rule) and entry.curve is not None:
        name = entry.curve.fact
    if name is not None:
        return name, facts.get(name)
    return evidence(entry.condition, facts) if entry.condition is not None else (None, None)
