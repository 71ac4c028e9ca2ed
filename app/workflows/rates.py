"""Which class of rate limit a request belongs to: the one place that says so."""

import re
from collections.abc import Callable

from app.core import acting
from app.core.clock import Clock
from app.core.identifying import Connection
from app.core.rates import ApartAs, Limiter, Rate, counted_as
from app.core.secrets import Vault
from app.settings import Settings
from app.workflows.identity import cookies, devices

UNCOUNTED = re.compile(r"/health(?:/live|/ready)?")
"""Whoever looks whether this lives must always hear."""
SIGN_IN = re.compile(r"/api/v1/auth/(?:login|link|token|totp|password)(?:/.*)?")
"""What takes a secret that could be guessed."""
SINGLE_SIGN_ON = re.compile(r"/api/v1/auth/oidc(?:/.*)?")
"""A browser is only sent there, and yet each writes a row or has the provider asked."""
_OF_KEYS = "/api/v1/auth/token"
HEAVY = (
    ("POST", re.compile(r"/api/v1/integrations/import(?:/preview)?")),
    ("POST", re.compile(r"/api/v1/integrations/\d+/(?:sync|connect|writes/retry|unreadable/\d+/replay)")),
    ("POST", re.compile(r"/api/v1/sync")),
    ("POST", re.compile(r"/api/v1/rulesets/(?:check|preview|rollback)")),
    ("POST", re.compile(r"/api/v1/sample")),
    ("POST", re.compile(r"/api/v1/users(?:/\d+/password)?")),
    ("GET", re.compile(r"/api/v1/tasks/\d+/score/what-if")),
    ("GET", re.compile(r"/api/v1/audit/verify")),
)
"""What reads whole files, calls services, goes through everything, or hashes a password."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def class_of(method: str, path: str, known: bool) -> Rate | None:
    if UNCOUNTED.fullmatch(path):
        return None
    if (method == "POST" and SIGN_IN.fullmatch(path)) or SINGLE_SIGN_ON.fullmatch(path):
        return Rate.SIGN_IN
    if not known:
        return Rate.ANYONE
    if any(method == each and pattern.fullmatch(path) for each, pattern in HEAVY):
        return Rate.HEAVY
    return Rate.READ if method in _READING else Rate.WRITE


def apart_as(vault: Vault, settings: Settings, clock: Clock) -> ApartAs:
    """Sign-ins that strangers at the same address must not use up: those from a browser where somebody signed in
    before, and tokens for a key that holds."""

    def apart(connection: Connection) -> str:
        who = acting.caller()
        if who.kind == "key" and connection.scope["path"] == _OF_KEYS:
            return who.signature
        name = devices.ours(vault, cookies.device_of(connection.cookies, settings), now=clock())
        return name and f"device:{name}"

    return apart


def beyond_as(limiter: Limiter | None) -> Callable[[Connection], bool]:
    """Whether an address has had all that strangers may ask in this minute: so much less is done for what it shows."""
    return lambda connection: limiter is not None and limiter.is_beyond(Rate.ANYONE, counted_as(connection.scope))


def most_from(settings: Settings) -> dict[Rate, int]:
    """Requests a minute."""
    return {
        Rate.READ: settings.rate_read_per_minute,
        Rate.WRITE: settings.rate_write_per_minute,
        Rate.HEAVY: settings.rate_heavy_per_minute,
        Rate.SIGN_IN: settings.rate_sign_in_per_minute,
        Rate.ANYONE: settings.rate_anyone_per_minute,
    }
