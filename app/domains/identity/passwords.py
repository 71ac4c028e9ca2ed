"""Passwords: what may be one, and their argon2id hashes.

Hashing is slow and takes memory on purpose, so it is done in threads of its own, two at once in a process: 128 MiB at
most. Sources: RFC 9106; OWASP, Password Storage Cheat Sheet; NIST SP 800-63B, 5.1.1.2.
"""

import asyncio
import base64
import re
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import FieldError, Invalid, Unavailable
from app.domains.identity.common_passwords import COMMON, RUNS

LONGEST = 1024
"""In characters: hashing a longer one would cost whoever asks nothing, and us something."""
_KIBIBYTES, _PASSES, _LANES = 65_536, 2, 1
_HASHER = Argon2Hasher(time_cost=_PASSES, memory_cost=_KIBIBYTES, parallelism=_LANES)
_AT_ONCE = 2
_THREADS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
_MOST_WAITING = 100
"""Who would come after so many is told to try again: a flood of sign-ins must not grow without end."""
_MOST_STRANGERS = 60
"""Of these: the other places are for those whose browser or sign-in is known, so that no flood keeps them out."""
_FEWEST_DIFFERENT = 5
_MOST_DECORATION = 6
"""So many digits and signs around a common word add nothing that is not tried, too: «Summer2026!»."""
_DIGITS_AND_SIGNS = re.compile(r"[\W\d_]+")

T = TypeVar("T")


class _Queue:
    """How many hashes are being made or waited for in this process."""

    waiting = 0


def check(password: str, *, shortest: int, email: str = "", field: str = "body.password") -> None:
    """Whether this may become somebody's password. Raises Invalid, saying what is wrong with it."""
    if wrong := _wrong(_normal(password), shortest, email):
        raise Invalid(f"This can't be the password: it {wrong}.", errors=[FieldError(field, wrong)])


async def hashed(password: str) -> str:
    """What is stored of it. Raises Unavailable where too many wait."""
    return await _in_turn(lambda: _HASHER.hash(_normal(password)))


async def verify(password: str, stored: str | None, *, stranger: bool = False) -> bool:
    """Whether it is the one that was stored. Takes as long where nothing is stored. Raises Unavailable, for a stranger
    earlier than for others."""
    against = stored or _nobodys()
    most = _MOST_STRANGERS if stranger else _MOST_WAITING
    right = await _in_turn(lambda: _HASHER.verify(_normal(password), against), most)
    return right and stored is not None and len(password) <= LONGEST


def is_outdated(stored: str) -> bool:
    """Whether it was hashed in a way that we don't use any more: it should be hashed again when it is known."""
    return _HASHER.check_needs_rehash(stored)


async def _in_turn(work: Callable[[], T], most: int = _MOST_WAITING) -> T:
    if _Queue.waiting >= most:
        raise Unavailable("Too many people sign in at this moment. Try again in a few seconds.", retry_after=5)
    _Queue.waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
    finally:
        _Queue.waiting -= 1


def _normal(password: str) -> str:
    """The same letters are one password, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def _nobodys() -> str:
    """A hash that costs as much to be compared with as any, and that nothing has."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={_KIBIBYTES},t={_PASSES},p={_LANES}${salt}${digest}"


def _wrong(password: str, shortest: int, email: str) -> str:
    """What stands against it; empty: nothing."""
    folded = password.casefold()
    if len(password) < shortest:
        return f"must have at least {shortest} characters"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST} characters"
    if email and folded in (email.casefold(), email.casefold().partition("@")[0]):
        return "must not be the e-mail address"
    if len(set(folded)) < _FEWEST_DIFFERENT:
        return f"must have at least {_FEWEST_DIFFERENT} different characters"
    bare = _DIGITS_AND_SIGNS.sub("", folded)
    decorated = bare in COMMON and len(folded) - len(bare) <= _MOST_DECORATION
    if folded in COMMON or decorated or _unit(folded) in COMMON or any(_is_run(folded, row) for row in RUNS):
        return "is one of those that are tried first"
    return ""


def _unit(text: str) -> str:
    """What it repeats: «secret» of «secretsecret»."""
    size = (text + text).find(text, 1)
    return text[:size]


def _is_run(text: str, row: str) -> bool:
    return text in row * 2 or text[::-1] in row * 2
