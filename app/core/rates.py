"""How many requests somebody may make in a minute. Pure ASGI.

Counted in whole minutes of the clock, by class of request and by caller: who is known by what they are, others by their
address, and sign-ins also apart from it, for browsers and keys that are known. Every counted answer says what is left
(`RateLimit-*`); beyond it is a 429 with Retry-After.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (version 7, whose header names are in use)
"""

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import acting, log, metrics
from app.core.acting import Caller
from app.core.addresses import subscriber
from app.core.errors import Malformed, TooMany
from app.core.identifying import Connection
from app.core.problems import render

WINDOW_S = 60
_AWAY_S = 5.0
"""A store that did not answer is not asked again for so long."""
_PATIENCE_S = 0.25

_log = log.get(__name__)


class Rate(StrEnum):
    """Classes of requests, each with a bound of its own."""

    READ = "read"
    WRITE = "write"
    HEAVY = "heavy"
    SIGN_IN = "sign_in"
    ANYONE = "anyone"


ClassOf = Callable[[str, str, bool], Rate | None]
"""The class of a request by its method, its path and whether it is known who asks; None: it is not counted."""


ApartAs = Callable[[Connection], str]
"""Under which name a sign-in is counted instead of its address's: empty where it is counted with that."""


class Counts(Protocol):
    """Counts up what happened under a name within a window, and says how often that was."""

    async def up(self, name: str, window: int) -> int: ...

    def seen(self, name: str, window: int) -> int:
        """How often, as far as this process has counted."""
        ...

    async def close(self) -> None: ...


class OwnCounts:
    """In this process alone. With a new window all is forgotten at once: nothing has to be swept."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}

    async def up(self, name: str, window: int) -> int:
        if window != self._window:
            self._window, self._counts = window, {}
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return count

    def seen(self, name: str, window: int) -> int:
        return self._counts.get(name, 0) if window == self._window else 0

    async def close(self) -> None: ...


class SharedCounts:
    """In Redis, for all processes together. While it is away each counts for itself: nobody is kept out by that."""

    def __init__(self, url: str) -> None:
        """`url` may hold a password: never log it. Nothing is connected yet. Raises Malformed, without it."""
        from limits.aio.storage import RedisStorage  # noqa: PLC0415 - only where it is used
        from limits.errors import ConfigurationError  # noqa: PLC0415
        from redis.asyncio import ConnectionPool  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        try:
            self._store = RedisStorage(
                f"async+{url}",
                implementation="redispy",
                key_prefix="watchfloor",
                socket_timeout=_PATIENCE_S,
                socket_connect_timeout=_PATIENCE_S,
            )
            pool: Any = ConnectionPool.from_url(url)
            pool.make_connection()  # connects to nothing, and reads all that the address holds
        except (ConfigurationError, RedisError, ValueError, TypeError):  # their texts repeat the address
            said = "RATE_LIMIT_STORE can't be used: it must have the form redis://:PASSWORD@HOST:6379/0."
            raise Malformed(said) from None
        self._failing: tuple[type[Exception], ...] = (RedisError, OSError, TimeoutError)
        self._own = OwnCounts()
        self._away_until = 0.0
        self._away = False

    async def up(self, name: str, window: int) -> int:
        own = await self._own.up(name, window)  # also while the store answers: what was counted is not lost with it
        if time.monotonic() < self._away_until:
            return own
        try:
            shared = await self._store.incr(f"{name}:{window}", WINDOW_S)
        except self._failing as error:
            self._away_until = time.monotonic() + _AWAY_S
            if not self._away:
                self._away = True
                said = "each process counts for itself until it is back"
                _log.warning("the store of rate limits does not answer", detail=said, error=type(error).__name__)
            return own
        if self._away:
            self._away = False
            _log.info("the store of rate limits is back")
        return int(shared)

    def seen(self, name: str, window: int) -> int:
        return self._own.seen(name, window)

    async def close(self) -> None:
        bridge: Any = self._store.bridge
        await bridge.get_connection().aclose()


class Limiter:
    """Who has how many requests left. One for each server."""

    def __init__(
        self,
        most: Mapping[Rate, int],
        class_of: ClassOf,
        counts: Counts,
        now: Callable[[], float] = time.time,
        apart: ApartAs = lambda _: "",
    ) -> None:
        self.most = most
        self.class_of = class_of
        self.apart = apart
        self._counts = counts
        self._now = now

    async def count(self, rate: Rate, who: str) -> tuple[int, int]:
        """How many more there may be in this minute (negative: too many already), and the seconds until it ends."""
        now = self._now()
        window = int(now // WINDOW_S)
        made = await self._counts.up(f"{rate}:{who}", window)
        return self.most[rate] - made, max(1, round((window + 1) * WINDOW_S - now))

    def is_beyond(self, rate: Rate, who: str) -> bool:
        """Whether the next one will be too many. Counts nothing, and asks no store."""
        return self._counts.seen(f"{rate}:{who}", int(self._now() // WINDOW_S)) >= self.most[rate]

    async def close(self) -> None:
        await self._counts.close()


def limiter(most: Mapping[Rate, int], class_of: ClassOf, store: str, apart: ApartAs) -> Limiter:
    """One that counts in this process, or in the `store` (redis://…)."""
    return Limiter(most, class_of, SharedCounts(store) if store else OwnCounts(), apart=apart)


class RateLimited:
    """Refuses whoever asks too often. Stands behind what recognises them."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self.app = app
        self.limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = acting.caller()
        rate = self.limiter.class_of(scope["method"], scope["path"], caller.known) if scope["type"] == "http" else None
        if rate is None:
            await self.app(scope, receive, send)
            return
        left, reset = await self.limiter.count(rate, self._name(rate, caller, scope))
        most = self.limiter.most[rate]
        told = [
            (b"ratelimit-limit", b"%d" % most),
            (b"ratelimit-remaining", b"%d" % max(0, left)),
            (b"ratelimit-reset", b"%d" % reset),
            (b"ratelimit-policy", b"%d;w=%d" % (most, WINDOW_S)),
        ]

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *told]
            await send(message)

        # Who was not even looked for is refused, also where a new minute has begun meanwhile.
        unasked = rate is Rate.ANYONE and scope.get("state", {}).get("unasked", False)
        if left >= 0 and not unasked:
            await self.app(scope, receive, send_told)
            return
        metrics.rate_limited(rate)
        detail = f"{most} requests of this sort a minute are enough here. Go on in {reset} s."
        await render(TooMany(detail, retry_after=reset, limit=rate))(scope, receive, send_told)

    def _name(self, rate: Rate, caller: Caller, scope: Scope) -> str:
        """Whose request it is counted as."""
        if rate is Rate.SIGN_IN:
            return self.limiter.apart(HTTPConnection(scope)) or counted_as(scope)
        return counted_as(scope) if rate is Rate.ANYONE else _counted_by(caller)


def _counted_by(caller: Caller) -> str:
    """A person by who they are, with all their keys: whoever makes more of them may not do more."""
    return caller.signature if caller.user_id is None else f"user:{caller.user_id}"


def counted_as(scope: Scope) -> str:
    """The address that a request came from, of IPv6 the network that one subscriber has."""
    return subscriber(scope["client"][0] if scope.get("client") else "")
