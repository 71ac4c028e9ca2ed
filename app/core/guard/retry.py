"""When a failed call is made again, and after how long: exponential, jittered, never against the service's wish.

tenacity drives it; what is here are its three questions (worth it? how long? enough?). It begins with the failure of
an attempt that was already made, so that a call which succeeds at once never comes by.
"""

import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from app.core.errors import Refusing, Upstream

T = TypeVar("T")
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """`most` times again, after `first_s`, twice that, and so on, at most `most_s`; each ± `jitter` of itself."""

    most: int = 3
    first_s: float = 2.0
    most_s: float = 30.0
    jitter: float = 0.5

    def wait_s(self, error: BaseException | None, number: int, draw: Callable[[], float] = random.random) -> float:
        """How long before the retry of that number, from 1 on. `draw` gives 0 to 1.

        At the upper end the jitter is kept below it: otherwise every second wait would be the same `most_s`. What the
        service asks for is never shortened; a little is added, so that not all who were told the same come at once.
        """
        spread = 1 - self.jitter + 2 * self.jitter * draw()
        grown = self.first_s * 2.0 ** min(number - 1, 100)
        wait = min(grown, self.most_s / (1 + self.jitter)) * spread
        asked = error.retry_after_s if isinstance(error, Upstream) else None
        return wait if asked is None else max(0.0, asked) + self.jitter * self.first_s * draw()

    async def again(
        self,
        attempt: Callable[[], Awaitable[T]],
        failed: Exception,
        *,
        worth: Callable[[BaseException], bool],
        left_s: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        draw: Callable[[], float] = random.random,
    ) -> T:
        """Goes on after an attempt that `failed`. Raises the last failure: unmended, beyond `most`, or out of time."""
        told: list[Exception] = [failed]

        async def first_what_is_known() -> T:
            if told:
                raise told.pop()
            return await attempt()

        enough = stop_after_attempt(self.most + 1)
        retrying = AsyncRetrying(
            retry=retry_if_exception(worth),
            wait=lambda state: self.wait_s(_error(state), state.attempt_number, draw),
            stop=lambda state: enough(state) or state.upcoming_sleep >= left_s(),
            sleep=sleep,
            reraise=True,
        )
        return await retrying(first_what_is_known)


def worth_repeating(error: BaseException, *, write: bool) -> bool:
    """Whether the same call may succeed later, and would not do twice what was meant once.

    An open breaker is not waited for here: the guard knows when its door opens.
    """
    if not isinstance(error, Upstream) or not error.repeatable or isinstance(error, Refusing):
        return False
    return not write or error.happened is False


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header, given in seconds or as a date; None where it says nothing that is one."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
