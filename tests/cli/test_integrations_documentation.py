"""docs/integrations.md does what it says: its lines are typed into one shell, one after the other, against a server and
the stand-in. Only what a person does between them is done here: following the link, and starting the server again."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.settings import PROJECT_ROOT
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from tests.cli.test_syncing_documentation import served

PAGE = (PROJECT_ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]
BEFORE = LINES[:5]
"""What the lines after them rest on: a key, and addresses."""
CRON = re.search(r"^\*/5 \* \* \* \* (.*)$", PAGE, re.MULTILINE)
ACCOUNT = "ca_1a2b3c4d5e6f"
"""As the page calls the account that was connected."""


@dataclass
class Reader:
    """Somebody with this page, a shell, and the addresses of their own."""

    shell: "subprocess.Popen[str]"
    own: dict[str, str]
    """What stands on the page, and what it is here."""
    said: dict[str, str] = field(default_factory=dict)

    def types(self, line: str) -> str:
        here = line
        for name, value in self.own.items():
            here = here.replace(name, value)
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f'{here}\necho; echo "<<$?>>"\n')
        self.shell.stdin.flush()
        lines: list[str] = []
        while not (ended := re.fullmatch(r"<<(\d+)>>\n", lines[-1] if lines else "")):
            read = self.shell.stdout.readline()
            assert read, f"the shell ended: {line}"
            lines.append(read)
        self.said[line] = "".join(lines[:-1]).strip()
        assert ended[1] == "0", f"{line}\n{self.said[line]}"
        return self.said[line]

    def state(self, path: str) -> str:
        """What state the API says that something is in."""
        return str(json.loads(self.types(f'curl -s $api{path} -H "$auth"'))["state"])

    def answer(self, part: str) -> Any:
        """What the line that holds `part` was answered."""
        return json.loads(next(text for line, text in self.said.items() if part in line))


@dataclass
class Office:
    """The reader, the server and Composio."""

    reader: Reader
    fake: FakeComposio
    mail: Mailbox
    restart: Callable[..., None]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    for program in ("curl", "openssl", "base64"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not here")
    fake, mail = FakeComposio(), Mailbox(now=lambda: datetime.now(UTC))
    mail.deliver(subject="The contract")
    fake.connect("ca_other", mail, user_id="somebody else")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with ExitStack() as stack:
        url = stack.enter_context(running(fake))
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'w.db'}",
            "COMPOSIO_API_KEY": "test-key",
            "COMPOSIO_BASE_URL": url,
            "CONNECT_LOOK_EVERY_S": "0.2",
            "SAMPLE_DATA": "false",
            "LISTEN_PORT": str(port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        server = stack.enter_context(ExitStack())

        def restart(**changed: str) -> None:
            server.close()
            server.enter_context(served(environment | changed, port))

        restart()
        shell = stack.enter_context(typing(environment))
        own = {
            "http://localhost:8000": f"http://127.0.0.1:{port}",
            "https://backend.composio.dev": url,
            "https://watchfloor.example": f"http://127.0.0.1:{port}",
            "your-api-key": "test-key",
        }
        yield Office(Reader(shell, own), fake, mail, restart)


@contextmanager
def typing(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(["bash"], env=environment, stdin=pipe, stdout=pipe, text=True) as shell:
        yield shell
        assert shell.stdin
        shell.stdin.close()
        shell.wait(10)


def opened(address: str) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5) as answer:
        return bytes(answer.read())


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_the_page_from_its_top_to_its_end(office: Office) -> None:
    reader = office.reader
    for line in LINES:
        if line.startswith("crontab"):
            continue
        reader.types(line)
        if "/1/connect " in line:
            link = reader.answer("/1/connect")
            reader.own[ACCOUNT] = link["account_id"]
            office.fake.accounts.get(link["account_id"])
            assert b"Connected" in opened(link["redirect_url"])
            until(lambda: reader.state("/integrations/1/connection") == "active")
            until(lambda: reader.state("/integrations/1") == "ok")
        elif "/webhook_subscriptions" in line:
            secret = reader.answer("/webhook_subscriptions")["secret"]
            reader.own["the-secret"] = secret
            office.restart(COMPOSIO_WEBHOOK_SECRET=secret)

    assert [each["status"] for each in reader.answer("/auth_configs")["items"]] == ["ENABLED"]
    assert reader.answer("/1/connect")["expires_at"].endswith("Z")
    assert reader.answer("/1/sync?wait")["run"]["state"] == "succeeded"
    assert reader.answer("/trigger_instances/")["trigger_id"]
    taken = reader.answer("$api/webhooks/composio")
    assert taken["integrations"] == [1]
    assert taken["what"].startswith("support mail: it is pulled")
    assert reader.answer("/health")["level"]
    gone = reader.answer("-X DELETE")
    assert (gone["deleted"], gone["items"], gone["revoked"]) == (1, 1, True)
    until(lambda: office.fake.accounts.get(reader.own[ACCOUNT]).status == "REVOKED")


def test_the_line_for_cron_pulls_where_only_cron_does(office: Office) -> None:
    assert CRON
    reader = office.reader
    office.restart(SYNC_SCHEDULE="false")
    for line in BEFORE:
        reader.types(line)
    office.fake.connect("ca_mail", office.mail)
    body = {"kind": "gmail", "name": "mail", "gateway": {"connected_account_id": "ca_mail"}}
    reader.types(f"curl -s $api/integrations -H \"$auth\" -H 'content-type: application/json' -d '{json.dumps(body)}'")

    reader.types(CRON[1])

    assert reader.state("/integrations/1") == "ok"


def test_composios_own_deliveries_are_taken_and_wrong_ones_are_not(office: Office) -> None:
    reader = office.reader
    subscribing = next(line for line in LINES if "/webhook_subscriptions" in line)
    for line in [*BEFORE, subscribing]:
        reader.types(line)
    office.restart(COMPOSIO_WEBHOOK_SECRET=reader.answer("/webhook_subscriptions")["secret"])
    account = office.fake.connect("ca_mail", office.mail)
    office.fake.webhooks.trigger("GMAIL_NEW_GMAIL_MESSAGE", account)
    body = {"kind": "gmail", "name": "mail", "gateway": {"connected_account_id": "ca_mail"}}
    reader.types(f"curl -s $api/integrations -H \"$auth\" -H 'content-type: application/json' -d '{json.dumps(body)}'")
    control = f"{reader.own['https://backend.composio.dev']}/_control/webhook"

    def delivered(**order: object) -> list[tuple[int, bool | None]]:
        said = json.loads(reader.types(f"curl -s {control} -d '{json.dumps({'account': 'ca_mail', **order})}'"))
        return [(each["status"], each["answer"].get("duplicate")) for each in said["deliveries"]]

    assert delivered(times=2) == [(200, False), (200, True)]
    assert [delivered(wrong=wrong)[0][0] for wrong in ("signature", "time", "body")] == [401, 401, 401]
    assert delivered(event="expired") == [(200, False)]
    until(lambda: reader.state("/integrations/1") == "needs_reconnect")
