"""The command line in this process, on a database of its own; and as a program, where only that shows the truth."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.core import known_secrets
from app.settings import Settings
from tests.workflows.mailbox import US, answer, mail, newsletter, write

Watchfloor = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def watchfloor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchfloor]:
    """Runs a command in this process: `watchfloor("top", "--json")`, with settings as keywords in upper case."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("OUR_ADDRESSES", US)
    root, ours = logging.getLogger(), logging.getLogger("app")
    handlers, level, own = root.handlers, root.level, ours.level

    def run(*arguments: str | Path, input: str | bytes | None = None, **environment: str) -> Result:
        return CliRunner().invoke(cli, [str(each) for each in arguments], input=input, env=environment)

    yield run
    root.handlers, root.level, ours.level = handlers, level, own
    known_secrets.forget()


@pytest.fixture
def program(settings: Settings) -> Program:
    """Runs `watchfloor` as people do; what it prints goes to no terminal."""

    def run(*arguments: str | Path, user: int | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", *(str(each) for each in arguments)]
        given = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment
        return subprocess.run(
            command,
            env=given,
            user=user,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


@pytest.fixture
def stranger(tmp_path: Path) -> int:
    """The id of a user who may look into `tmp_path` and write nothing there. For root nothing is forbidden."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    nobody = 65534
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    try:
        subprocess.run([sys.executable, "-c", ""], user=nobody, cwd="/", check=True)
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip("this Python can be run by its owner only")
    return nobody


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """Three conversations: one open, one answered, one not for us."""
    messages = [
        mail("It is urgent: could you please sign it by 6 March?", subject="The contract"),
        mail(id="q@client.example", at="2026-03-02T09:00"),
        answer("q@client.example"),
        newsletter(),
    ]
    return write(tmp_path / "inbox.mbox", messages)
