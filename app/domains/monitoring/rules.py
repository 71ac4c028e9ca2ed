"""The level of the whole from the levels of its parts. Pure."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["NORMAL", "DEGRADED", "CRITICAL", "OFFLINE"]


def overall(database: Level, integrations: Iterable[Level]) -> tuple[Level, str]:
    """The level and the sentence for it. Without its database nothing works; an integration down only ages its part."""
    if database != "NORMAL":
        return "OFFLINE", "The database does not answer."
    levels = list(integrations)
    failing = [level for level in levels if level != "NORMAL"]
    if not failing:
        return "NORMAL", "Everything answers."
    if len(failing) == len(levels):
        return "CRITICAL", "No integration brings anything new."
    return "DEGRADED", f"{len(failing)} of {len(levels)} integrations can't be trusted at the moment."
