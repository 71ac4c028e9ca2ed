"""What a sign-in costs, and what it costs that a request says who it is.

The second is a difference of processor time: the same open route is asked by nobody, by a key and by a session, in
turns, and whoever shows something is looked up on every route. What a gate adds beyond that is a look into a set.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.identity import passwords, sessions, users
from app.domains.identity.rules import Role
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.machine import processor_s
from scripts.benchmarks.serving import Client, Server, watchfloor

_EMAIL, _PASSWORD = "bench@example.org", "correct lantern basin 42"
_COOKIE = "__Host-watchfloor_session"
_OPEN, _GATED = "/health/live", "/api/v1/auth/me"
_UNBOUNDED = {"RATE_SIGN_IN_PER_MINUTE": str(10**9), "RATE_ANYONE_PER_MINUTE": str(10**9)}
_SIGN_IN_AIM, _ADDED_AIM = Aim("≤", 250), Aim("≤", 0.3)


def signing_in(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """One user, one key, one session; a server without jobs, so that nothing else uses its processor time."""
    sheet = Sheet("Sign-in", makers.kind)
    url = makers.new()
    token = asyncio.run(_somebody(text_of(url)))
    with watchfloor(url, folder, "--no-jobs", **_UNBOUNDED) as server:
        _sign_ins(sheet, server, times=10 if quick else 40)
        _recognised(sheet, server, token, rounds=5 if quick else 15, requests=1_000 if quick else 2_000)
    makers.drop(url)
    return sheet


async def _somebody(url: str) -> str:
    """Somebody who may sign in. Returns the token of a session."""
    database, now = Database(url), utc_now()
    stored = await passwords.hashed(_PASSWORD)
    async with database.writing() as session:
        user = await users.create(session, _EMAIL, Role.OPERATOR, now=now)
        user.password = stored
        _, token = await sessions.begin(session, user, method="password", now=now, lasts=sessions.SEEN_EVERY * 600)
    await database.close()
    return token


def _sign_ins(sheet: Sheet, server: Server, *, times: int) -> None:
    client = Client(server.port)
    shown = {"email": _EMAIL, "password": _PASSWORD}
    client.timed("POST", "/api/v1/auth/login", shown)
    took: list[float] = []

    def sign_in() -> None:
        took.append(client.timed("POST", "/api/v1/auth/login", shown) * 1000)

    used = [_processor_ms(server, sign_in, 1) for _ in range(times)]
    client.close()
    sheet.add("a sign-in by password", took, "ms", aim=_SIGN_IN_AIM)
    if known := [spent for spent in used if spent is not None]:
        sheet.add("its processor time", known, "ms", aim=_SIGN_IN_AIM, note="in steps of 10 ms")


def _recognised(sheet: Sheet, server: Server, token: str, *, rounds: int, requests: int) -> None:
    clients: dict[str, Callable[[], Client]] = {
        "nobody": lambda: Client(server.port),
        "key": server.client,
        "session": lambda: Client(server.port, cookie=f"{_COOKIE}={token}"),
    }
    for name in ("key", "session"):
        _asked(clients[name], _GATED, 1)  # or it would be measured how nobody is recognised
    used: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(rounds):
        for name, client in clients.items():
            spent = _processor_ms(server, partial(_asked, client, _OPEN, requests), requests)
            if spent is None:
                sheet.add("what being recognised adds: this system does not say", 0.0)
                return
            used[name].append(spent)
    sheet.add("processor time of an open request", used["nobody"], "ms")
    for name in ("key", "session"):
        added = [mine - bare for mine, bare in zip(used[name], used["nobody"], strict=True)]
        sheet.add(f"a {name} adds to it", added, "ms", aim=_ADDED_AIM)


def _asked(connect: Callable[[], Client], target: str, requests: int) -> None:
    """On a connection of its own: the server closes one that was not used for a few seconds."""
    client = connect()
    for _ in range(requests):
        client.timed("GET", target)
    client.close()


def _processor_ms(server: Server, ask: Callable[[], object], requests: int) -> float | None:
    """Of the server's process, for each request."""
    before = processor_s(server.process)
    ask()
    after = processor_s(server.process)
    return None if before is None or after is None else (after - before) * 1000 / requests
