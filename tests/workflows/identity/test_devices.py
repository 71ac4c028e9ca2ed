"""Device cookies: for one account, for a year, and never made up."""

from datetime import timedelta

import pytest

from app.core.secrets import Vault
from app.workflows.identity import devices
from tests.conftest import START

VAULT = Vault(["k" * 40])
EMAIL = "ana@example.org"


def test_one_is_known_again_for_its_account() -> None:
    shown = devices.mark(VAULT, EMAIL, now=START)

    assert devices.name_of(VAULT, shown, EMAIL, now=START + timedelta(days=364)) == shown.split(".")[0]
    assert devices.name_of(VAULT, shown, "ben@example.org", now=START) == ""
    assert devices.name_of(VAULT, shown, EMAIL, now=START + timedelta(days=366)) == ""
    assert devices.name_of(Vault(["another" * 8]), shown, EMAIL, now=START) == ""


@pytest.mark.parametrize("shown", ["", "x", "a.b", "a.b.c", "a.b.c.d", "ä.1.x", "0" * 500, "a.9e99.c", "\ud800.1.a"])
def test_what_is_none_is_no_trouble(shown: str) -> None:
    assert devices.name_of(VAULT, shown, EMAIL, now=START) == ""


def test_nothing_in_it_tells_whose_it_is() -> None:
    assert "ana" not in devices.mark(VAULT, EMAIL, now=START)
