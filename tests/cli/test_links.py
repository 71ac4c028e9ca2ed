"""The link that a start shows, `watchfloor users link`, and the check of the services that ways in need."""

import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.cli import links, serve, services
from app.core.audit.models import AuditEntry
from app.core.database import Database
from app.settings import Settings
from tests.cli.conftest import Watchfloor
from tests.conftest import SettableClock
from tests.core.mail_server import PASSWORD, USER, mail_server
from tests.core.openid.provider import CLIENT, fake_provider

LINK = re.compile(r"(http://localhost:\d+)/sign-in#token=([\w-]{43})")
KEY = "4f1cd0b2a9e87d6355aa01c3b7de9f80"


def add(watchfloor: Watchfloor, email: str, role: str) -> None:
    assert watchfloor("users", "add", email, "--role", role).exit_code == 0


def test_a_link_is_for_the_first_admin(watchfloor: Watchfloor) -> None:
    add(watchfloor, "ben@example.org", "viewer")
    add(watchfloor, "ana@example.org", "admin")

    done = watchfloor("users", "link", LISTEN_PORT="8123")

    assert done.exit_code == 0
    assert done.stderr == "For ana@example.org: signs in once, within 15 minutes, in a browser on this machine.\n"
    assert LINK.fullmatch(done.stdout.strip())
    assert done.stdout.startswith("http://localhost:8123/")


def test_or_for_whoever_is_named(watchfloor: Watchfloor) -> None:
    add(watchfloor, "ben@example.org", "viewer")

    assert LINK.fullmatch(watchfloor("users", "link", "Ben@example.org").stdout.strip())
    reset = watchfloor("users", "link", "ben@example.org", "--reset", PUBLIC_URL="https://watchfloor.example").stdout
    assert reset.startswith("https://watchfloor.example/sign-in#reset=")


def test_one_for_anywhere_needs_an_address(watchfloor: Watchfloor) -> None:
    add(watchfloor, "ana@example.org", "admin")

    refused = watchfloor("users", "link", "--from-anywhere")
    assert refused.exit_code == 1
    assert "needs PUBLIC_URL" in refused.stderr
    done = watchfloor("users", "link", "--from-anywhere", PUBLIC_URL="https://watchfloor.example")
    assert done.stdout.startswith("https://watchfloor.example/sign-in#token=")


def test_a_link_to_set_a_password_is_for_anywhere_anyway(watchfloor: Watchfloor) -> None:
    done = watchfloor("users", "link", "--reset", "--from-anywhere", PUBLIC_URL="https://watchfloor.example")

    assert done.exit_code == 2
    assert "leave it out" in done.stderr


def test_programs_read_whose_it_is(watchfloor: Watchfloor) -> None:
    watchfloor("users", "add", "ana@example.org", "--role", "admin")

    done = json.loads(watchfloor("users", "link", "--json").stdout)

    assert (done["for"], done["sets_password"]) == ("ana@example.org", False)
    assert LINK.fullmatch(done["link"])


def test_for_whom_there_is_none_it_is_said_what_to_do(watchfloor: Watchfloor) -> None:
    nobody, unknown = watchfloor("users", "link"), watchfloor("users", "link", "eve@example.org")
    add(watchfloor, "ben@example.org", "viewer")
    assert watchfloor("users", "disable", "ben@example.org").exit_code == 0
    disabled = watchfloor("users", "link", "ben@example.org")

    assert [each.exit_code for each in (nobody, unknown, disabled)] == [1, 1, 1]
    assert "users add EMAIL --role admin" in nobody.stderr
    assert "There is no user eve@example.org" in unknown.stderr
    assert "is disabled" in disabled.stderr
    assert "token=" not in nobody.stdout + unknown.stdout + disabled.stdout


async def said(settings: Settings, database: Database, *, on_loopback: bool = True, **changed: Any) -> str:
    given = settings.model_copy(update=changed)
    return await links.at_start(given, database, SettableClock(), on_loopback=on_loopback)


async def test_in_development_each_start_shows_a_link(settings: Settings, database: Database) -> None:
    first, second = await said(settings, database), await said(settings, database)

    assert LINK.search(first)
    assert LINK.search(second)
    assert first != second


@pytest.mark.parametrize("changed", [{"environment": "production"}, {"on_loopback": False}], ids=str)
async def test_in_production_and_in_the_open_none_is_shown(
    settings: Settings, database: Database, changed: dict[str, Any]
) -> None:
    nobody_yet = await said(settings, database, **changed)
    await said(settings, database)  # makes the owner
    later = await said(settings, database, **changed)

    assert "users add EMAIL --role admin" in nobody_yet
    assert "users link" in later
    assert not LINK.search(nobody_yet + later)


async def test_a_database_that_is_away_ends_no_start(settings: Settings, tmp_path: Path) -> None:
    gone = Database(f"sqlite+aiosqlite:///{tmp_path / 'not there' / 'x.db'}")

    assert "users link" in await said(settings, gone)
    await gone.close()


@contextmanager
def server(tmp_path: Path, **environment: str) -> Iterator[tuple[int, str]]:
    """A server as people start it. Gives its port, and what it said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--no-jobs"]
    given = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'w.db'}", "SAMPLE_DATA": "false"} | environment
    process = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    text, until = b"", time.monotonic() + 90
    try:
        while b"Ctrl+C" not in text and time.monotonic() < until and process.poll() is None:
            if select.select([process.stdout], [], [], 1)[0]:
                text += os.read(process.stdout.fileno(), 65_536)
        yield port, text.decode()
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.stdout.close()


def test_a_link_leads_to_the_server_that_runs(watchfloor: Watchfloor, settings: Settings, tmp_path: Path) -> None:
    with server(tmp_path) as (port, _):
        where = {"DATABASE_URL": f"sqlite:///{tmp_path / 'w.db'}"}
        links = [watchfloor("users", "link", *how, **where).stdout for how in ([], ["--reset"], ["--port", "8123"])]

    assert [link.partition("/sign-in")[0] for link in links] == [f"http://localhost:{port}"] * 2 + [
        "http://localhost:8123"
    ]


async def test_where_others_reach_it_the_link_is_one_for_anywhere(settings: Settings, database: Database) -> None:
    await said(settings, database)  # makes the owner
    unknown = await said(settings, database, on_loopback=False)
    known = await said(settings, database, on_loopback=False, public_url="https://watchfloor.example")

    assert ["--from-anywhere" in each for each in (unknown, known)] == [True, True]
    assert ["PUBLIC_URL" in each for each in (unknown, known)] == [True, False]


async def test_the_trail_tells_of_the_owner_before_the_link(settings: Settings, database: Database) -> None:
    await said(settings, database)

    async with database.reading() as session:
        entries = (await session.execute(sa.select(AuditEntry).order_by(AuditEntry.id))).scalars().all()
    assert [(each.action, each.target) for each in entries[-2:]] == [("serve", "user:1"), ("sign_in_link", "user:1")]


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"listen_host": "0.0.0.0", "listen_port": 8917}, f"http://{socket.gethostname()}:8917"),  # noqa: S104
        ({"listen_host": "0.0.0.0", "public_url": "https://watchfloor.example/"}, "https://watchfloor.example"),  # noqa: S104
        ({"listen_host": "2001:db8::7"}, "http://[2001:db8::7]:8000"),
    ],
    ids=str,
)
def test_a_start_says_an_address_that_a_browser_opens(
    settings: Settings, changed: dict[str, Any], address: str
) -> None:
    assert serve._address(settings.model_copy(update=changed)) == address


def test_the_first_start_is_one_command_and_one_click(settings: Settings, tmp_path: Path) -> None:
    with server(tmp_path) as (port, text):
        found = LINK.search(text)
        assert found, text
        with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False) as http:
            me = http.post("/api/v1/auth/link", json={"token": found[2]})
            again = http.get("/api/v1/tasks")
        with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False) as other:
            used = other.post("/api/v1/auth/link", json={"token": found[2]})

    assert "no sign-in" not in text
    assert found[1] == f"http://localhost:{port}"
    assert (me.status_code, me.json()["name"], me.json()["user"]["role"]) == (200, "owner@localhost", "admin")
    assert again.status_code == 200
    assert used.status_code == 401


def test_in_production_the_start_says_how_to_add_an_admin(settings: Settings, tmp_path: Path) -> None:
    production = {"ENVIRONMENT": "production", "SECRET_KEY": KEY, "PUBLIC_URL": "https://watchfloor.example"}
    with server(tmp_path, **production, CORS_ORIGINS="", TRUSTED_PROXIES="127.0.0.1") as (_, text):
        pass

    assert "users add EMAIL --role admin" in text
    assert "token=" not in text


async def lines(settings: Settings, what: str, **changed: Any) -> list[services.Line]:
    found = await services.checked(settings.model_copy(update=changed))
    return [line for line in found if line.what == what]


async def test_the_mail_server_is_tried(settings: Settings) -> None:
    async with mail_server(password=PASSWORD) as taken:
        how: dict[str, Any] = {
            "mail_host": "127.0.0.1",
            "mail_port": taken.port,
            "mail_security": "none",
            "mail_from": "watchfloor@example.org",
            "mail_user": USER,
            "mail_password": type(settings.mail_password)(PASSWORD),
        }
        [well] = await lines(settings, "mail", **how)
        [wrong] = await lines(settings, "mail", **how | {"mail_user": "somebody"})
        [no_sender] = await lines(settings, "mail", **how | {"mail_from": "nobody"})
    [off] = await lines(settings, "mail")

    assert [each.state for each in (well, wrong, no_sender, off)] == ["ok", "failed", "failed", "off"]
    assert "MAIL_USER and MAIL_PASSWORD" in wrong.detail
    assert "MAIL_FROM" in no_sender.detail
    assert taken.mails == []


async def test_the_provider_is_tried(settings: Settings) -> None:
    what = "OpenID Connect"
    async with fake_provider() as fake:
        how = {"oidc_issuer": fake.issuer, "oidc_client_id": CLIENT}
        [well] = await lines(settings, what, **how)
        fake.published = {"issuer": "https://another.example"}
        [wrong] = await lines(settings, what, **how)
    [away] = await lines(settings, what, **how, interactive_retries=0)
    [off] = await lines(settings, what)

    assert [each.state for each in (well, wrong, away, off)] == ["ok", "failed", "failed", "off"]
    assert "OIDC_ISSUER" in wrong.detail
