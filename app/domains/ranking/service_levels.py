"""How the clocks of a task stand to their targets: how much of it has run, and when it is at risk and breached.

Pure. What a clock measures is told by the facts first_response, next_response and resolution; targets are the
ruleset's.
"""

from collections.abc import Mapping

from app.domains.ranking.explanation import Clock, ClockState, Mark
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import is_running, moment, position_of, second_of
from app.domains.ranking.rules import Target


def clocks(known: Mapping[str, FactValue], targets: Mapping[str, Target], second: int) -> tuple[Clock, ...]:
    """Of each clock that is known and has a target, in the order of the targets."""
    found = []
    for name, target in targets.items():
        value = known.get(name)
        elapsed = None if value is None else position_of(value, second, target.calendar)
        if value is None or elapsed is None:
            continue
        marks = tuple(_mark(value, target, percent) for percent in (*target.marks, 100))
        found.append(
            Clock(
                clock=name,
                target=target.id,
                title=target.title,
                within_s=target.seconds,
                elapsed_s=elapsed,
                running=bool(is_running(value, second)),
                state=_state(elapsed, target),
                marks=marks,
                calendar=target.calendar.name if target.calendar else None,
            )
        )
    return tuple(found)


def share_position(percent: int, seconds: int) -> int:
    """The first whole second at which a clock has used up so much of a target of `seconds`."""
    return -(-percent * seconds // 100)


def _mark(value: FactValue, target: Target, percent: int) -> Mark:
    reached = second_of(value, share_position(percent, target.seconds), target.calendar)
    return Mark(percent, None if reached is None else moment(reached))


def _state(elapsed: int, target: Target) -> ClockState:
    if elapsed >= target.seconds:
        return "breached"
    at_risk = target.marks and elapsed >= share_position(target.marks[0], target.seconds)
    return "at_risk" if at_risk else "on_track"
