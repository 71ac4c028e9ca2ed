"""What may be a password, and that its hash is what it should be."""

import asyncio

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from app.core.errors import Invalid, Unavailable
from app.domains.identity import passwords

GOOD = "correct lantern basin 42"
EMAIL = "ana.ruiz.1987@example.org"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("lantern 42", "at least 12 characters"),
        ("x1y2z3" * 200, "at most 1024 characters"),
        (EMAIL, "the e-mail address"),
        (EMAIL.upper(), "the e-mail address"),
        ("ana.ruiz.1987", "the e-mail address"),
        ("121212121212", "different characters"),
        ("passwordpassword", "tried first"),
        ("Password2026!", "tried first"),
        ("Watchfloor-2026", "tried first"),
        ("1234567890123", "tried first"),
        ("zyxwvutsrqponmlk", "tried first"),
        ("qwertyuiopas", "tried first"),
        ("monkeymonkeymonkey", "tried first"),
    ],
)
def test_what_is_guessed_first_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        passwords.check(password, shortest=12, email=EMAIL)


@pytest.mark.parametrize("password", [GOOD, "zzmonkey-and-4-more-things", "пароль из слов 7", "x1y2z3w4" * 128])
def test_all_else_may_be_one(password: str) -> None:
    passwords.check(password, shortest=12, email=EMAIL)


def test_the_reason_does_not_tell_the_password() -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check("Password2026!", shortest=12)

    assert "2026" not in refused.value.detail


async def test_it_is_hashed_by_argon2id_with_a_salt_of_its_own() -> None:
    one, other = await passwords.hashed(GOOD), await passwords.hashed(GOOD)

    found = extract_parameters(one)
    assert one != other
    assert (found.type, found.memory_cost, found.time_cost) == (Type.ID, 65_536, 2)
    assert await passwords.verify(GOOD, one)
    assert not await passwords.verify(GOOD + " ", one)
    assert not passwords.is_outdated(one)


async def test_nobodys_hash_costs_the_same_and_fits_nothing() -> None:
    nobodys = extract_parameters(passwords._nobodys())  # what it costs is all that matters of it

    assert nobodys == extract_parameters(await passwords.hashed(GOOD))
    assert not await passwords.verify(GOOD, None)


async def test_one_that_is_too_long_is_none() -> None:
    longest = "x1y2" * 256

    assert not await passwords.verify(longest + "z", await passwords.hashed(longest))


async def test_many_at_once_do_not_take_more_memory_than_two() -> None:
    threads = passwords._THREADS._max_workers  # 64 MiB each

    stored = await passwords.hashed(GOOD)
    assert all(await asyncio.gather(*(passwords.verify(GOOD, stored) for _ in range(6))))
    assert threads == 2


async def test_a_flood_of_strangers_leaves_places_for_those_who_are_known() -> None:
    stored = await passwords.hashed(GOOD)
    flood = [asyncio.create_task(passwords.verify("guess", None, stranger=True)) for _ in range(90)]
    await asyncio.sleep(0)

    known = await passwords.verify(GOOD, stored)

    refused = [each for each in await asyncio.gather(*flood, return_exceptions=True) if each is not False]
    assert known
    assert len(refused) == 30
    assert all(isinstance(each, Unavailable) for each in refused)
