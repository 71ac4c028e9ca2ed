"""scripts/fake-composio as a process: it says how it is used, serves every tool that is called, and ends when told."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.integrations.registry import TOOLS
from scripts.fake_composio.worlds import TOOLKITS

ROOT = Path(__file__).parents[2]
SMALL = ["--port", "0", "--mails", "5", "--channels", "2", "--messages", "6", "--rows", "4", "--legacy"]


@pytest.fixture(scope="module")
def command() -> Iterator[tuple[subprocess.Popen[str], str]]:
    arguments = [sys.executable, "-m", "scripts.fake_composio", *SMALL]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        said = ""
        while process.stdout is not None and "Ctrl-C" not in said and (line := process.stdout.readline()):
            said += line
        yield process, said
        process.kill()


def url_in(said: str) -> str:
    found = re.search(r"COMPOSIO_BASE_URL=(http://127\.0\.0\.1:\d+)", said)
    assert found, said
    return found[1]


def test_it_says_what_to_set_and_what_to_send(command: tuple[subprocess.Popen[str], str]) -> None:
    _, said = command

    assert "COMPOSIO_API_KEY=test-key" in said
    for toolkit in TOOLKITS:
        assert f'"kind": "{toolkit}"' in said
        assert f'"connected_account_id": "ca_{toolkit}"' in said


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_tool_of_ours_is_there_in_its_version(command: tuple[subprocess.Popen[str], str], name: str) -> None:
    tool = TOOLS[name]
    url = f"{url_in(command[1])}/api/v3.1/tools/{tool.slug}"

    response = httpx.get(
        url, params={"toolkit_versions": tool.version}, headers={"x-api-key": "test-key"}, trust_env=False
    )

    assert response.status_code == 200
    assert (response.json()["version"], response.json()["toolkit"]["slug"]) == (tool.version, tool.toolkit)


def test_it_ends_within_a_second_when_told(command: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = command

    process.send_signal(signal.SIGTERM)

    assert process.wait(1) == 0
