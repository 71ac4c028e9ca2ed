"""Every command says alike what production refuses, and setting it up says what is still to be done."""

import os
import subprocess
import sys
from pathlib import Path
from secrets import token_hex

import pytest

from tests.cli.conftest import Watchfloor


@pytest.fixture
def safe() -> dict[str, str]:
    return {"ENVIRONMENT": "production", "SECRET_KEY": token_hex(32)}


def test_a_database_that_may_not_be_written(stranger: int, safe: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o755)
    (tmp_path / "locked" / "there.db").touch(mode=0o644)
    for name, said in (("there.db", "which can't be written"), ("new.db", "nothing can be written in")):
        given = safe | {"DATABASE_URL": f"sqlite:///{tmp_path / 'locked' / name}"}
        ran = subprocess.run(
            [sys.executable, "-c", "from app.settings import Settings; Settings(_env_file=None)"],
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | given,
            user=stranger,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in ran.stderr


def test_validate_and_serve_say_the_same(watchfloor: Watchfloor) -> None:
    given = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": "",
        "DEBUG": "true",
        "SECRET_KEY": "hunter2",
        "LISTEN_PORT": "0",
    }
    said = [
        "LISTEN_PORT: must be at least 1",
        "SECRET_KEY: must have at least 32 characters in production",
        "DATABASE_URL: is missing",
        "DEBUG: is true, which is for development",
    ]

    for command in (("config", "validate"), ("serve",), ("worker",), ("top",)):
        result = watchfloor(*command, **given)
        assert result.exit_code == 1
        assert [line for line in said if line not in result.output] == []
        assert "hunter2" not in result.output


def test_setup_for_production_says_what_is_still_to_be_done(watchfloor: Watchfloor, tmp_path: Path) -> None:
    result = watchfloor("config", "setup", "--env", "production", "--file", tmp_path / ".env", DATABASE_URL="")

    assert result.exit_code == 0
    assert "DATABASE_URL: is missing" in result.output
    assert "SECRET_KEY" not in result.output
