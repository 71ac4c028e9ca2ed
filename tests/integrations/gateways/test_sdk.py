"""composio-core is kept quiet: what it does by itself, it does not do here."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.errors import Conflict
from app.core.http import Outbound
from app.integrations.gateways import quiet
from app.integrations.gateways.sdk import SdkGateway
from app.integrations.pulling import Account
from app.settings import PROJECT_ROOT
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running, serving
from tests.integrations.gateways.conftest import KEY, LIST, Desk

PROGRAM = """
import asyncio, atexit, json, logging, socket, sys, threading
url, key = sys.argv[1:]
hosts, connect, look_up = set(), socket.socket.connect, socket.getaddrinfo

def noted(self, address):
    hosts.add(address[0] if isinstance(address, tuple) else "unix")
    return connect(self, address)

def looked_up(host, *rest, **more):
    hosts.add(host)
    return look_up(host, *rest, **more)

socket.socket.connect, socket.getaddrinfo = noted, looked_up
told = {}
atexit.register(lambda: print(json.dumps({**told, "hosts": sorted(hosts)})))  # after all that comes later

from pydantic import SecretStr
from app.core.http import Outbound
from app.integrations.gateways.sdk import SdkGateway
from app.integrations.registry import TOOLS
from app.integrations.pulling import Account

told["late"] = "composio" not in sys.modules

async def main():
    gateway = SdkGateway(Outbound(url, headers={"x-api-key": key}, service="Composio"), SecretStr(key))
    told["data"] = await gateway.execute(TOOLS["GMAIL_LIST_LABELS"], {}, Account("default", "ca_mail"), timeout_s=30)
    await gateway.close()

asyncio.run(main())
told["handlers"] = len(logging.getLogger().handlers)
told["threads"] = [each.name for each in threading.enumerate() if not each.name.startswith(("Main", "composio_"))]
"""


def test_loading_it_calls_nobody_writes_nothing_at_home_and_leaves_the_logs_alone(tmp_path: Path) -> None:
    fake = FakeComposio(KEY)
    fake.connect("ca_mail", Desk())
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT_ROOT), "TMPDIR": str(tmp_path)}
    home = {"HOME": "/dev/null"}  # nothing can be written there

    with running(fake) as url:
        command = [sys.executable, "-W", "error", "-c", PROGRAM, url, KEY]
        result = subprocess.run(
            command, cwd=tmp_path, env=bare | home, capture_output=True, text=True, timeout=60, check=False
        )

    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "late": True,
        "data": {"labels": [{"id": "INBOX"}]},
        "handlers": 0,
        "threads": [],
        "hosts": ["127.0.0.1"],
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("installed", [["composio", "composio-core"], []], ids=["both", "neither"])
def test_packages_that_can_not_work_are_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: list[str]
) -> None:
    def version(package: str) -> str:
        if package not in installed:
            raise metadata.PackageNotFoundError(package)
        return "0.29.0"

    monkeypatch.setattr(metadata, "version", version)

    with pytest.raises(Conflict, match="composio-core") as caught:
        SdkGateway(Outbound("http://127.0.0.1:1", service="Composio"), SecretStr(KEY))

    assert ("overwrite each other" in caught.value.detail) is bool(installed)


async def test_one_toolset_serves_all_gateways_of_an_address(desk: Desk) -> None:
    fake = FakeComposio(KEY)
    fake.connect("ca_mail", desk)
    async with serving(fake) as url:
        before = len(quiet._made)
        for _ in range(3):
            gateway = SdkGateway(Outbound(url, headers={"x-api-key": KEY}, service="Composio"), SecretStr(KEY))
            await gateway.execute(LIST, {}, Account("default", "ca_mail"), timeout_s=5)
            await gateway.close()

    assert len(quiet._made) <= before + 1  # none, where an earlier test had the same port
    assert [call.path for call in fake.calls] == ["/api/v3.1/tools/execute/GMAIL_LIST_LABELS"] * 3


async def test_no_call_holds_the_loop_up(desk: Desk) -> None:
    fake = FakeComposio(KEY)
    fake.connect("ca_mail", desk)
    fake.latency_s = 0.3
    async with serving(fake) as url:
        gateway = SdkGateway(Outbound(url, headers={"x-api-key": KEY}, service="Composio"), SecretStr(KEY))
        task = asyncio.create_task(gateway.execute(LIST, {}, Account("default"), timeout_s=5))
        turns = 0
        while not task.done():
            await asyncio.sleep(0.01)
            turns += 1
        await gateway.close()

    assert turns > 10
    assert await task


async def test_a_closed_gateway_leaves_no_thread(desk: Desk) -> None:
    fake = FakeComposio(KEY)
    fake.connect("ca_mail", desk)
    async with serving(fake) as url:
        gateway = SdkGateway(Outbound(url, headers={"x-api-key": KEY}, service="Composio"), SecretStr(KEY))
        await gateway.execute(LIST, {}, Account("default"), timeout_s=5)
        before = {thread for thread in threading.enumerate() if thread.name.startswith("composio")}
        await gateway.close()
        for _ in range(100):
            if not any(thread.is_alive() for thread in before):
                break
            await asyncio.sleep(0.02)

    assert before
    assert not any(thread.is_alive() for thread in before)
