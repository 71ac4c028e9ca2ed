"""SECRET_KEY, from the environment or from a file."""

from pathlib import Path

from app.settings.known import Known


class KeyFile(Exception):
    """The file that should hold the key can't be used. Its text follows «SECRET_KEY_FILE»."""


def given_key(settings: Known) -> str:
    """SECRET_KEY, else what SECRET_KEY_FILE holds, else nothing. Raises KeyFile."""
    if key := settings.secret_key.get_secret_value():
        return key
    if not settings.secret_key_file:
        return ""
    file = Path(settings.secret_key_file).expanduser()
    try:
        key = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise KeyFile(f"names {file}, which can't be read: {error.strerror or type(error).__name__}.") from None
    except UnicodeDecodeError:
        raise KeyFile(f"names {file}, which holds no text. Write the key into it as one line.") from None
    if not key:
        raise KeyFile(f"names {file}, which is empty. Write the key into it.")
    return key


def earlier_keys(settings: Known) -> list[str]:
    """What was SECRET_KEY before, newest first; at the end all of it as one key, which may have held the comma."""
    given = settings.secret_keys_before.get_secret_value()
    keys = [*(part.strip() for part in given.split(",")), given.strip(), given]
    return list(dict.fromkeys(key for key in keys if key.strip()))
