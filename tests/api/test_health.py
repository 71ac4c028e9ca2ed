"""Is it alive, can it serve, and which part can't be trusted."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url

from app.core import migrations
from app.core.database import Database
from app.core.guard import Guards
from app.domains.identity import keys
from app.settings import Settings
from app.workflows.watch import router
from app.workflows.watch.watching import Watch
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving as fake_serving
from tests.api.client import Api, message, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import SettableClock


async def worker(api: Api) -> Watch:
    """Another process that carries out jobs is seen to live."""
    found = Watch(api.app.state.syncing, role="worker")
    await found.look()
    return found


async def test_a_healthy_program_says_so(api: Api) -> None:
    await worker(api)

    assert ok(await api.http.get("/health/live")) == {"status": "alive"}
    assert ok(await api.http.get("/health/ready")) == {"status": "ready"}
    assert ok(await api.http.get("/health")) == {"level": "NORMAL", "since": "2026-03-02T09:00:00Z"}


async def test_the_level_keeps_its_beginning_until_it_changes(api: Api, clock: SettableClock) -> None:
    first = ok(await api.http.get("/health"))
    clock.advance(hours=1)

    assert ok(await api.http.get("/health")) == first


async def test_the_beginning_of_a_level_survives_a_restart(api: Api, clock: SettableClock) -> None:
    await worker(api)
    clock.advance(hours=1)
    await worker(api)
    api.app.state.level_seen = None

    assert ok(await api.http.get("/health"))["since"] == "2026-03-02T09:00:00Z"
    assert ok(await api.http.get("/status"))["since"] == "2026-03-02T09:00:00Z"


async def test_the_status_names_every_dependency_and_what_waits(api: Api, clock: SettableClock) -> None:
    await api.import_mail(message(), into="archive")
    await api.upload(message(), "later.eml")
    living = await worker(api)
    clock.advance(seconds=20)

    status = ok(await api.http.get("/status"))

    assert [(part["name"], part["level"]) for part in status["dependencies"]] == [
        ("Database", "NORMAL"),
        ("Jobs", "NORMAL"),
        ("archive", "NORMAL"),
        ("eml", "NORMAL"),
    ]
    jobs = status["jobs"]
    assert (jobs["runs_here"], jobs["queued"], jobs["running"], jobs["oldest_due_s"]) == (False, 1, 0, 20)
    assert [(each["id"], each["role"]) for each in jobs["workers"]] == [(living.id, "worker")]
    assert jobs["warning"] is None
    assert all(part["reason"] and part["since"] for part in status["dependencies"])
    assert status["version"]


async def test_without_a_process_that_works_it_says_what_to_start(api: Api) -> None:
    await api.upload(message(), "later.eml")

    status = ok(await api.http.get("/status"))

    assert (status["level"], status["jobs"]["workers"]) == ("CRITICAL", [])
    assert status["reason"] == status["jobs"]["warning"]
    assert "watchfloor worker" in status["reason"]
    assert ok(await api.http.get("/health"))["level"] == "CRITICAL"


async def test_a_worker_that_died_is_no_worker(api: Api, clock: SettableClock) -> None:
    await worker(api)
    clock.advance(seconds=23)

    assert ok(await api.http.get("/status"))["jobs"]["workers"] == []


async def test_what_never_brought_anything_does_not_claim_that_it_did(api: Api) -> None:
    await worker(api)
    await api.post("/integrations", {"kind": "mbox", "name": "empty"})

    status = ok(await api.http.get("/status"))

    assert status["dependencies"][-1]["reason"] == "Nothing was imported yet."
    assert status["level"] == "NORMAL"


async def test_a_server_without_jobs_shows_the_breakers_that_its_workers_see(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    fake = FakeComposio(now=clock)
    async with fake_serving(fake) as url:
        given = {"composio_api_key": SecretStr("test-key"), "composio_base_url": url}
        async with serving(settings_on(settings.model_copy(update=given), database), clock, tmp_path) as api:
            made = await api.post("/integrations", {"kind": "gmail", "name": "mail", "gateway": {"user_id": "u"}})
            guards = Guards(now=clock)
            guards.of("composio:gmail", name="Gmail").breaker.open()
            await Watch(replace(api.app.state.syncing, guards=guards), role="worker").look()

            shown = await api.get(f"/integrations/{made['id']}")
            status = ok(await api.http.get("/status"))
            for path in ("/health", "/health/ready", "/health/live", "/status", "/api/v1/integrations"):
                ok(await api.http.get(path))

    assert shown["breaker"]["state"] == "open"
    assert {part["name"]: part["breaker"] and part["breaker"]["state"] for part in status["dependencies"]} == {
        "Database": None,
        "Network": None,
        "Composio": "open",
        "Jobs": None,
        "mail": "open",
    }
    assert fake.calls.total == 0  # health asks nobody


async def test_a_database_that_hangs_is_away_and_is_asked_once(
    sqlite_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "_PATIENCE_S", 0.05)
    asked, hangs = [], asyncio.Event()

    @asynccontextmanager
    async def hanging(_self: Database) -> AsyncIterator[None]:
        asked.append(1)
        await hangs.wait()
        if asked:
            raise OSError
        yield

    monkeypatch.setattr(Database, "reading", hanging)
    for _ in range(3):
        assert ok(await sqlite_api.http.get("/health"))["level"] == "OFFLINE"
        problem(await sqlite_api.http.get("/health/ready"), 503)
    hangs.set()
    await asyncio.sleep(0.01)

    assert len(asked) == 2


@pytest.mark.parametrize("trouble", ["stopped", "of another name", "a folder", "empty"])
async def test_without_its_database_it_is_alive_and_not_ready(
    trouble: str, settings: Settings, clock: SettableClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = _unusable(trouble, tmp_path, request)
    without = settings.model_copy(update={"database_url": SecretStr(url)})
    async with serving(without, clock, tmp_path, with_key=False) as api:
        api.http.headers["Authorization"] = f"Bearer {keys.new_key()[0]}"
        assert (await api.http.get("/health/live")).status_code == 200
        unready = problem(await api.http.get("/health/ready"), 503)
        assert unready["retry_after"] > 0
        assert ok(await api.http.get("/health"))["level"] == "OFFLINE"
        for path in ("/status", "/api/v1/tasks", "/api/v1/integrations"):
            failed = problem(await api.http.get(path), 503)
            assert failed["category"] == "network"
            assert "tmp" not in str(failed)
        problem(await api.http.post("/api/v1/tasks", json={"title": "a"}, headers={"Idempotency-Key": "k"}), 503)
    await driver_at_rest()


async def driver_at_rest() -> None:
    """aiosqlite ends the thread of a failed connection without waiting for it; it must not outlive the event loop."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 5)


def _unusable(trouble: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database that can't be used."""
    if trouble == "stopped":
        return "postgresql://postgres@127.0.0.1:1/watchfloor"
    if trouble == "of another name":
        server: URL = request.getfixturevalue("migrated_postgres")
        return server.set(database="watchfloor_is_not_there").render_as_string(hide_password=False)
    path = folder / "watchfloor.db"
    if trouble == "a folder":
        path.mkdir()
    return f"sqlite:///{path}"


async def test_a_database_that_comes_back_is_used_again(
    settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    path = tmp_path / "watchfloor.db"
    path.mkdir()
    again = settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{path}")})
    async with serving(again, clock, tmp_path, with_key=False) as api:
        problem(await api.http.get("/health/ready"), 503)
        path.rmdir()
        migrations.upgrade(make_url(f"sqlite+aiosqlite:///{path}"))
        assert ok(await api.http.get("/health/ready")) == {"status": "ready"}
        await worker(api)
        assert ok(await api.http.get("/health"))["level"] == "NORMAL"
    await driver_at_rest()
