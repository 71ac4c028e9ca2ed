"""What can be set about a guard, and the two sorts of callers it tells apart."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Interactive: a person waits, so a shut breaker is told at once. Background: the budget may be waited out."""

    INTERACTIVE = "interactive"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSettings:
    """The same for all services; how fast each may be called is said where its guard is made."""

    breaker_failures: int = 3
    breaker_rest_s: float = 30.0
    breaker_successes: int = 2
    interactive_retries: int = 3
    interactive_budget_s: float = 20.0
    background_retries: int = 6
    background_budget_s: float = 180.0
    retry_first_s: float = 2.0
    retry_most_s: float = 30.0
    retry_jitter: float = 0.5
    attempt_most_s: float = 30.0
    """One attempt may take no longer, however much of the budget is left: a service that hangs would use it up."""
