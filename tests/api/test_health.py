"""Is it alive, can it serve, and which part can't be trusted."""

import asyncio
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url

from app.core import migrations
from app.settings import Settings
from tests.api.client import Api, message, ok, problem
from tests.api.conftest import serving
from tests.conftest import SettableClock


async def test_a_healthy_program_says_so(api: Api) -> None:
    assert ok(await api.http.get("/health/live")) == {"status": "alive"}
    assert ok(await api.http.get("/health/ready")) == {"status": "ready"}
    assert ok(await api.http.get("/health")) == {"level": "NORMAL", "since": "2026-03-02T09:00:00Z"}


async def test_the_level_keeps_its_beginning_until_it_changes(api: Api, clock: SettableClock) -> None:
    first = ok(await api.http.get("/health"))
    clock.advance(hours=1)

    assert ok(await api.http.get("/health")) == first


async def test_the_status_names_every_dependency_and_what_waits(api: Api) -> None:
    await api.import_mail(message(), into="archive")
    await api.upload(message(), "later.eml")

    status = ok(await api.http.get("/status"))

    assert [(part["name"], part["level"]) for part in status["dependencies"]] == [
        ("database", "NORMAL"),
        ("archive", "NORMAL"),
        ("eml", "NORMAL"),
    ]
    assert status["jobs"] == {"runs_here": False, "queued": 1, "running": 0}
    assert all(part["reason"] for part in status["dependencies"])
    assert status["version"]


async def test_what_never_brought_anything_does_not_claim_that_it_did(api: Api) -> None:
    await api.post("/integrations", {"kind": "mbox", "name": "empty"})

    status = ok(await api.http.get("/status"))

    assert status["dependencies"][1]["reason"] == "Nothing was imported yet."


@pytest.mark.parametrize("trouble", ["stopped", "of another name", "a folder", "empty"])
async def test_without_its_database_it_is_alive_and_not_ready(
    trouble: str, settings: Settings, clock: SettableClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = _unusable(trouble, tmp_path, request)
    without = settings.model_copy(update={"database_url": SecretStr(url)})
    async with serving(without, clock, tmp_path) as api:
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
    async with serving(again, clock, tmp_path) as api:
        problem(await api.http.get("/health/ready"), 503)
        path.rmdir()
        migrations.upgrade(make_url(f"sqlite+aiosqlite:///{path}"))
        assert ok(await api.http.get("/health/ready")) == {"status": "ready"}
        assert ok(await api.http.get("/health"))["level"] == "NORMAL"
    await driver_at_rest()
