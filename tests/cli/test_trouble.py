"""What goes wrong as expected: one sentence, exit code 1 or 2, and never a traceback or a password."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.cli.conftest import Program, Watchfloor

EVERY = [("top",), ("why", "1"), ("serve", "--port", "18999"), ("worker",)]


def check(code: int, said: str, expected: str, exit_code: int = 1) -> None:
    assert code == exit_code
    assert expected in said
    assert "Traceback" not in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root:hunter2@db/x", "DATABASE_URL: must start with sqlite:/// or postgresql://"),
        ("postgresql://u:hunter2@localhost:port/x", "DATABASE_URL: must have the form postgresql://"),
        ("postgresql://u:hunter2@hunter2@localhost/x", "DATABASE_URL: must have the form postgresql://"),
        ("postgresql://u:hunter2@127.0.0.1:1/x", "the database x on 127.0.0.1 does not answer"),
        ("sqlite:////dev/null/x.db", "/dev/null can't be used"),
        ("sqlite:////proc/x/x.db", "can't be used: No such file or directory."),
        ("sqlite:////usr", "the database /usr can't be opened"),
        ("sqlite:////etc/hostname", "the database /etc/hostname is a file of another kind"),
    ],
)
@pytest.mark.parametrize("command", EVERY, ids=lambda command: command[0])
def test_a_database_that_can_not_be_used(watchfloor: Watchfloor, command: tuple[str, ...], url: str, said: str) -> None:
    result = watchfloor(*command, DATABASE_URL=url)

    check(result.exit_code, result.output, said)


def test_a_postgres_that_has_no_such_database(watchfloor: Watchfloor, migrated_postgres: URL) -> None:
    missing = migrated_postgres.set(database="no_such_database").render_as_string(hide_password=False)

    for command in EVERY:
        result = watchfloor(*command, DATABASE_URL=missing)
        check(result.exit_code, result.output, "the database no_such_database on")


@pytest.mark.parametrize("command", [("top",), ("import", "MAILBOX"), ("serve", "--port", "18999")], ids=lambda c: c[0])
def test_a_folder_that_can_not_be_written(
    program: Program, stranger: int, mailbox: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "closed").mkdir(mode=0o755)
    arguments = [str(mailbox) if each == "MAILBOX" else each for each in command]

    result = program(*arguments, user=stranger, DATABASE_URL=f"sqlite:///{tmp_path}/closed/w.db")

    check(
        result.returncode,
        result.stdout + result.stderr,
        "can't be opened: the folder is missing, or there is no permission",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LISTEN_PORT", "high", "LISTEN_PORT: "),
        ("OUR_ADDRESSES", "us", "OUR_ADDRESSES: expects addresses or @domains, not us"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: "),
        ("ENVIRONMENT", "production", "SECRET_KEY: is missing: production needs it"),
    ],
)
def test_a_setting_that_can_not_be_used_is_named(watchfloor: Watchfloor, name: str, value: str, said: str) -> None:
    result = watchfloor("top", **{name: value})

    check(result.exit_code, result.output, said)


def test_a_port_that_is_taken(watchfloor: Watchfloor) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = watchfloor("serve", "--port", str(port))

    check(
        result.exit_code,
        result.output,
        f"Port {port} on 127.0.0.1 is taken or not ours. Choose another: --port {port + 1}",
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "", "999.1.1.1"])
def test_a_host_that_is_not_ours(watchfloor: Watchfloor, host: str) -> None:
    result = watchfloor("serve", "--host", host, "--port", "18999")

    assert result.exit_code == 1
    assert result.stderr.startswith("watchfloor: ")


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("why",), ("why", "one"), ("serve", "--port", "70000"), ("import",)]
)
def test_wrong_usage_ends_with_2(watchfloor: Watchfloor, arguments: tuple[str, ...]) -> None:
    result = watchfloor(*arguments)

    check(result.exit_code, result.output, "Usage:", exit_code=2)


def test_help_and_version_need_no_settings(watchfloor: Watchfloor) -> None:
    assert watchfloor("--help", DATABASE_URL="nonsense").exit_code == 0
    assert watchfloor("--version", DATABASE_URL="nonsense").stdout.startswith("watchfloor ")


@pytest.mark.parametrize("command", [("serve", "--port", "18999"), ("worker",), ("sync",)], ids=lambda c: c[0])
def test_a_version_of_no_tools_that_are_called(watchfloor: Watchfloor, command: tuple[str, ...]) -> None:
    result = watchfloor(*command, COMPOSIO_TOOL_VERSIONS="jira=20260101_00", COMPOSIO_API_KEY="hunter2")

    check(result.exit_code, result.output, "COMPOSIO_TOOL_VERSIONS: no tools of jira are called")


DEFECT = """
from app.cli import cli, main, running

@cli.command()
def defect():
    given = running.settings()
    raise RuntimeError("it was " + given.mail_password.get_secret_value())

main()
"""


def test_a_defect_shows_no_secret_of_the_settings() -> None:
    given = os.environ | {"MAIL_PASSWORD": "canary-of-mail", "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", DEFECT, "defect"], env=given, capture_output=True, text=True, timeout=30, check=False
    )

    assert ended.returncode == 1
    assert "RuntimeError: it was «redacted»" in ended.stderr
    assert "canary" not in ended.stderr + ended.stdout
