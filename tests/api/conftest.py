"""The whole application over HTTP semantics, without a socket, on both databases or on SQLite alone."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from app.core.database import Database
from app.domains.identity import keys
from app.domains.identity.rules import Scope
from app.main import create_app
from app.settings import Settings
from tests.api.client import Api
from tests.conftest import SettableClock


@asynccontextmanager
async def serving(
    settings: Settings, clock: SettableClock, uploads: Path, *, jobs: bool = False, with_key: bool = True
) -> AsyncIterator[Api]:
    """An application that runs from its start to its end, called with the key of an admin."""
    app = create_app(settings, jobs=jobs, watch=jobs, clock=clock)
    app.state.upload_folder = uploads
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test") as http,
    ):
        if with_key:
            http.headers["Authorization"] = f"Bearer {await key_of(app, Scope.ADMIN)}"
        yield Api(app, http)


async def key_of(app: FastAPI, *scopes: Scope, **how: Any) -> str:
    """A new API key."""
    database: Database = app.state.database
    async with database.writing() as session:
        _, key = await keys.create(session, "test", scopes, now=app.state.clock(), created_by="a test", **how)
    return key


KEY = SecretStr("of the tests: no file is made for one")


def settings_on(settings: Settings, database: Database) -> Settings:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    given = {"database_url": url, "our_addresses": ("support@example.com",), "secret_key": KEY}
    return settings.model_copy(update=given)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What the program logs during a test, instead of printing it."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def api(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Api]:
    """Background work stands still: a test carries it out through `api.jobs`."""
    async with serving(settings_on(settings, database), clock, tmp_path / "uploads") as serving_api:
        yield serving_api


@pytest.fixture
async def sqlite_api(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Api]:
    """The same on SQLite only, for what no database can change."""
    async with serving(settings_on(settings, sqlite_database), clock, tmp_path / "uploads") as serving_api:
        yield serving_api
