"""The vault: what it encrypts, whose keys open it, and that it tells nobody of them."""

import traceback

import pytest

from app.core.secrets import CantDecrypt, Vault


def test_what_was_encrypted_comes_back_and_does_not_show() -> None:
    vault = Vault(["a key"])

    sealed = vault.encrypt("hunter2 ✓", "totp")

    assert "hunter2" not in sealed
    assert vault.encrypt("hunter2 ✓", "totp") != sealed
    assert vault.decrypt(sealed, "totp") == "hunter2 ✓"


@pytest.mark.parametrize("spoiled", ["", "plain", "gAAAAA", "ü"])
def test_what_was_encrypted_for_another_purpose_by_another_key_or_altered_is_refused(spoiled: str) -> None:
    sealed = Vault(["a key"]).encrypt("hunter2", "totp")

    for vault, text, purpose in (
        (Vault(["a key"]), sealed, "signing"),
        (Vault(["another"]), sealed, "totp"),
        (Vault(["a key"]), sealed[:-6] + "AAAAA=", "totp"),
        (Vault(["a key"]), spoiled, "totp"),
    ):
        with pytest.raises(CantDecrypt, match="SECRET_KEYS_BEFORE"):
            vault.decrypt(text, purpose)


def test_earlier_keys_open_what_they_encrypted_and_only_the_present_one_encrypts() -> None:
    old, new = Vault(["old"]), Vault(["new", "old"])
    sealed = old.encrypt("hunter2", "totp")

    renewed = new.renewed(sealed, "totp")

    assert new.decrypt(sealed, "totp") == "hunter2"
    assert (new.is_present(sealed, "totp"), new.is_present(renewed, "totp")) == (False, True)
    assert Vault(["new"]).decrypt(renewed, "totp") == "hunter2"
    with pytest.raises(CantDecrypt):
        old.decrypt(renewed, "totp")


def test_keys_for_signing_differ_by_purpose_and_by_key() -> None:
    made = {Vault([key]).derived(purpose) for key in ("a", "b") for purpose in ("csrf", "device")}

    assert {len(each) for each in made} == {32}
    assert len(made) == 4
    assert Vault(["a", "b"]).derived("csrf") == Vault(["a"]).derived("csrf")


def test_neither_printing_it_nor_its_failure_tells_a_key() -> None:
    vault = Vault(["canary-key", "canary-before"])
    try:
        vault.decrypt("canary-sealed", "totp")
    except CantDecrypt as error:
        told = "".join(traceback.format_exception(error))

    assert "canary" not in f"{vault!r}{vault}{told.replace('canary-sealed', '')}"
