"""Secrets at rest: encrypted with keys that are derived from SECRET_KEY.

Fernet (https://github.com/fernet/spec): AES-128-CBC with an HMAC. Each purpose has a key of its own, derived by HKDF
(RFC 5869), so that what was encrypted for one can't be passed off as another's.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Internal


class CantDecrypt(Internal):
    """What is stored encrypted fits none of the keys, or was altered."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret can't be read with this SECRET_KEY. Put the earlier one into SECRET_KEYS_BEFORE."
        )


class Vault:
    """Encrypts and decrypts. `keys`: the present one first, then earlier ones that can still be read.

    Printing it tells nothing of the keys.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(dict.fromkeys(keys))
        self._made: dict[str, list[Fernet]] = {}

    def encrypt(self, text: str, purpose: str) -> str:
        return self._fernets(purpose)[0].encrypt(text.encode()).decode()

    def decrypt(self, sealed: str, purpose: str) -> str:
        """Raises CantDecrypt where none of the keys fits: SECRET_KEY was changed without keeping the earlier one."""
        try:
            return MultiFernet(self._fernets(purpose)).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise CantDecrypt from None

    def is_present(self, sealed: str, purpose: str) -> bool:
        """Whether it was encrypted with the present key."""
        try:
            self._fernets(purpose)[0].decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renewed(self, sealed: str, purpose: str) -> str:
        """The same, encrypted with the present key."""
        return self.encrypt(self.decrypt(sealed, purpose), purpose)

    def derived(self, purpose: str) -> bytes:
        """32 bytes for signing, from the present key."""
        return _derive(self._keys[0], purpose)

    def _fernets(self, purpose: str) -> list[Fernet]:
        # Purposes are few and written in the code: what is kept here does not grow.
        if (found := self._made.get(purpose)) is None:
            keys = [base64.urlsafe_b64encode(_derive(key, purpose)) for key in self._keys]
            found = self._made[purpose] = [Fernet(key) for key in keys]
        return found


def _derive(key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"watchfloor:{purpose}".encode()).derive(key.encode())
