"""Where the key comes from: SECRET_KEY, its file, or one that is made once beside the data."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.errors import Conflict
from app.core.secrets import Vault
from app.settings import DATA_FOLDER, Settings
from app.workflows.secrets import vault as keys
from app.workflows.secrets.vault import kept_key, own_key_file, vault_from


def opens(settings: Settings, key: str) -> bool:
    return vault_from(settings).decrypt(Vault([key]).encrypt("x", "p"), "p") == "x"


def test_secret_key_wins_over_its_file_and_that_over_a_key_of_our_own(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "given").write_text("of the file\n")
    file = settings.model_copy(update={"secret_key_file": str(tmp_path / "given")})

    assert opens(file.model_copy(update={"secret_key": SecretStr("of the environment")}), "of the environment")
    assert opens(file, "of the file")
    assert not (tmp_path / "secret.key").exists()
    assert opens(settings, kept_key(tmp_path / "secret.key"))


def test_earlier_keys_still_open(settings: Settings) -> None:
    given = {"secret_key": SecretStr("new"), "secret_keys_before": SecretStr("older, oldest,")}

    assert all(opens(settings.model_copy(update=given), key) for key in ("new", "older", "oldest"))


def test_our_own_key_lies_beside_the_database_readable_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    vault_from(settings)

    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    postgres = settings.model_copy(update={"database_url": SecretStr("postgresql://u@h/d")})
    assert own_key_file(postgres) == DATA_FOLDER / "secret.key"


def test_it_is_made_once_where_many_ask_at_once(tmp_path: Path) -> None:
    ask = f"""
from pathlib import Path
from app.workflows.secrets.vault import kept_key
print(kept_key(Path("{tmp_path}/k")))
"""

    def program() -> str:
        return subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()

    with ThreadPoolExecutor() as several:
        processes = [several.submit(program) for _ in range(3)]
        threads = [several.submit(kept_key, tmp_path / "k") for _ in range(20)]
        found = {each.result() for each in (*processes, *threads)}

    assert found == {(tmp_path / "k").read_text()}
    assert len(found.pop()) == 64


def test_a_key_that_is_not_whole_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_PATIENCE_S", 0.05)
    (tmp_path / "k").write_text("half")

    with pytest.raises(Conflict, match="holds no whole key"):
        kept_key(tmp_path / "k")


def test_production_makes_no_key_of_its_own(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Production needs SECRET_KEY"):
        vault_from(settings.model_copy(update={"environment": "production"}))
    assert not (tmp_path / "secret.key").exists()


def test_a_file_that_is_gone_since_the_settings_were_read_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"SECRET_KEY_FILE names .*gone, which can't be read"):
        vault_from(settings.model_copy(update={"secret_key_file": str(tmp_path / "gone")}))
