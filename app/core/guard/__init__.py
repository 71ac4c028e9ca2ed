"""The guard: nothing calls an outside service around it.

One `Guard` for each service gives a call its deadline, retries, rate and circuit breaker; `Guards` holds them all.
"""

from app.core.guard.breaker import Breaker, Permit, State, Transition
from app.core.guard.guard import Guard, Observer
from app.core.guard.guards import Guards
from app.core.guard.retry import parse_retry_after
from app.core.guard.settings import GuardSettings, Mode
from app.core.guard.statistics import LATENCY_BOUNDS_S, GuardSnapshot, Outcome

__all__ = [
    "LATENCY_BOUNDS_S",
    "Breaker",
    "Guard",
    "GuardSettings",
    "GuardSnapshot",
    "Guards",
    "Mode",
    "Observer",
    "Outcome",
    "Permit",
    "State",
    "Transition",
    "parse_retry_after",
]
