"""Device cookies: for one account and its password, for a year, and never made up."""

from datetime import timedelta

import pytest

from app.core.secrets import Vault
from app.domains.identity.models import User
from app.workflows.identity import devices
from tests.conftest import START

VAULT = Vault(["k" * 40])
ANA = User(email="ana@example.org", password="hash")


def test_one_is_known_again_for_its_account() -> None:
    shown = devices.mark(VAULT, ANA, now=START)

    assert devices.name_of(VAULT, shown, ANA, now=START + timedelta(days=364)) == shown.split(".")[0]
    assert devices.name_of(VAULT, shown, User(email="ben@example.org", password="hash"), now=START) == ""
    assert devices.name_of(VAULT, shown, None, now=START) == ""
    assert devices.name_of(VAULT, shown, ANA, now=START + timedelta(days=366)) == ""
    assert devices.name_of(Vault(["another" * 8]), shown, ANA, now=START) == ""


def test_a_new_password_ends_it() -> None:
    shown = devices.mark(VAULT, ANA, now=START)

    assert devices.name_of(VAULT, shown, User(email=ANA.email, password="another hash"), now=START) == ""
    assert devices.name_of(VAULT, shown, User(email=ANA.email), now=START) == ""


def test_that_one_is_ours_is_seen_without_knowing_whose() -> None:
    shown = devices.mark(VAULT, ANA, now=START)

    assert devices.ours(VAULT, shown, now=START) == shown.split(".")[0]
    assert devices.ours(VAULT, shown, now=START + timedelta(days=366)) == ""
    assert devices.ours(Vault(["another" * 8]), shown, now=START) == ""
    # What says that it is ours does not say whose it is.
    name, at, signature, _ = shown.split(".")
    assert devices.name_of(VAULT, f"{name}.{at}.{signature}.{signature}", ANA, now=START) == ""


def test_a_browser_keeps_its_name_whoever_signs_in_there() -> None:
    first = devices.mark(VAULT, ANA, now=START)
    again = devices.mark(VAULT, User(email="ben@example.org"), first, now=START + timedelta(days=300))

    assert again.split(".")[0] == first.split(".")[0]
    assert devices.ours(VAULT, again, now=START + timedelta(days=600))
    assert devices.name_of(VAULT, again, ANA, now=START + timedelta(days=300)) == ""


@pytest.mark.parametrize(
    "shown", ["", "x", "a.b", "a.b.c", "a.b.c.d", "ä.1.x.y", "0" * 500, "a.9e99.c.d", "\ud800.1.a.b"]
)
def test_what_is_none_is_no_trouble(shown: str) -> None:
    assert devices.name_of(VAULT, shown, ANA, now=START) == ""


def test_nothing_in_it_tells_whose_it_is() -> None:
    assert "ana" not in devices.mark(VAULT, ANA, now=START)
