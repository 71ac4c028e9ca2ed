"""v1 and v2: gone as at Composio, or as a server of one's own has them, spoken to by the real composio-core."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.fake_composio import faults
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from tests.fake_composio.notes import Notes

PROGRAM = """
import json, sys
from composio import ComposioToolSet
tools = ComposioToolSet(api_key=sys.argv[1], base_url=sys.argv[2] + "/api")
try:
    print(json.dumps(tools.execute_action(sys.argv[3], {"limit": 2}, entity_id="ada")))
except Exception as error:
    print(json.dumps({"raised": type(error).__name__, "said": str(error)}))
"""


def ask(url: str, folder: Path, slug: str = "NOTES_LIST", key: str = "test-key") -> dict[str, Any]:
    quiet = ("COMPOSIO_DISABLE_SENTRY", "COMPOSIO_DISABLE_VERSION_CHECK", "COMPOSIO_NO_CACHE_REFRESH")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "COMPOSIO_CACHE_DIR": str(folder),
        **dict.fromkeys(quiet, "true"),
    }
    command = [sys.executable, "-c", PROGRAM, key, url, slug]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    answered: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answered


@pytest.fixture
def own() -> FakeComposio:
    fake = FakeComposio(legacy=True)
    fake.connect("ca_notes", Notes(), user_id="ada")
    return fake


async def test_composio_has_taken_them_away(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/client/auth/client_info")).status_code == 410
    assert (await client.post("/api/v2/actions/NOTES_LIST/execute", json={})).status_code == 410


def test_the_real_sdk_calls_a_tool(own: FakeComposio, tmp_path: Path) -> None:
    with running(own) as url:
        answer = ask(url, tmp_path)

    assert answer["data"]["notes"] == [{"id": "1"}, {"id": "2"}]
    assert (answer["successful"], answer["successfull"], answer["error"]) == (True, True, None)
    assert own.calls.of("NOTES_LIST")[0].account == "ca_notes"


def test_the_real_sdk_is_told_of_failures(own: FakeComposio, tmp_path: Path) -> None:
    with running(own) as url:
        failed = ask(url, tmp_path, "NOTES_FAIL")
        own.faults.add(faults.status(429, retry_after=1), on="NOTES_LIST")
        limited = ask(url, tmp_path)
        refused = ask(url, tmp_path, key="wrong-key")

    assert (failed["successful"], failed["error"]) == (False, "401 Client Error: Unauthorized")
    assert (limited["raised"], "Rate limit" in limited["said"]) == ("HTTPError", True)
    assert refused["raised"] == "ApiKeyError"
