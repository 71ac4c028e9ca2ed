"""The vault of a process: with SECRET_KEY, else with SECRET_KEY_FILE, else, in development, with a key that is made
once and kept in the data folder.
"""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from app.core.errors import Conflict
from app.core.secrets import Vault
from app.settings import DATA_FOLDER, Settings
from app.settings.keys import KeyFile, earlier_keys, given_key

_LENGTH = 64
"""Of a key that we make, in characters: 32 random bytes in hexadecimal."""
_PATIENCE_S = 2.0
"""For so long another process may take to write the key that it is making."""


def vault_from(settings: Settings) -> Vault:
    """What encrypts stored secrets. Raises Conflict where there is no key, OSError where its file can't be made."""
    try:
        key = given_key(settings)
    except KeyFile as unreadable:
        raise Conflict(f"SECRET_KEY_FILE {unreadable}") from None
    if not key:
        if settings.environment == "production":
            raise Conflict("Production needs SECRET_KEY. Make one with: watchfloor config setup --env production")
        key = kept_key(own_key_file(settings))
    return Vault([key, *earlier_keys(settings)])


def own_key_file(settings: Settings) -> Path:
    """Beside a SQLite database, so that the two move together; else in the project's data folder."""
    url = make_url(settings.database)
    beside = url.get_backend_name() == "sqlite" and url.database
    return (Path(url.database or "").parent if beside else DATA_FOLDER) / "secret.key"


def kept_key(file: Path) -> str:
    """The key in `file`, which is made where it is not there: once, however many processes ask at the same time."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        _make(file)
    until = time.monotonic() + _PATIENCE_S
    while len(key := file.read_text(encoding="ascii", errors="replace").strip()) < _LENGTH:
        if time.monotonic() > until:
            raise Conflict(
                f"{file} holds no whole key. Put back the file that was there; or, where nothing was encrypted with "
                "it yet, remove it: another is made."
            )
        time.sleep(0.01)
    return key


def _make(file: Path) -> None:
    """Raises FileExistsError rather than replace one; readable by its owner alone from the first byte on."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(_LENGTH // 2))
        opened.flush()
        os.fsync(opened.fileno())  # without it, what it encrypted is lost
