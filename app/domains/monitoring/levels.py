"""The four levels, from best to worst. Pure."""

from typing import Literal, TypeAlias

Level: TypeAlias = Literal["NORMAL", "DEGRADED", "CRITICAL", "OFFLINE"]
_RANK: dict[Level, int] = {"NORMAL": 0, "DEGRADED": 1, "CRITICAL": 2, "OFFLINE": 3}


def worse(one: Level, other: Level) -> bool:
    """Whether the one is worse than the other."""
    return _RANK[one] > _RANK[other]
