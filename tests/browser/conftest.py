"""A real Chromium and a real server for each test. Both live in one event loop, which the tests share.

`page` is signed in as an admin; `stranger` is a page of nobody.

TEST_CHROMIUM names the browser's program. Where there is none these tests are skipped; in CI that is a failure.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.composition import database_from, importing_from, jobs_from, syncing_from
from app.integrations import registry
from app.main import create_app
from app.settings import PROJECT_ROOT, Settings
from app.workflows import importing
from app.workflows.sample import loading
from tests.browser import mailbox, office
from tests.browser.people import sign_in
from tests.browser.site import Site

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP watchfloor.test 127.0.0.1",
]

# A machine that does much else is slow, and no test here is about how fast something comes.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


def _chromium() -> str:
    for name in (os.environ.get("TEST_CHROMIUM"), *PROGRAMS):
        if name and (path := shutil.which(name)):
            return path
    reason = "no Chromium or Chrome found; install one or set TEST_CHROMIUM"
    if os.environ.get("CI") in ("true", "1"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = _chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def dashboard() -> None:
    """Built from the sources as they are: a test of an old build would say nothing of them."""
    built = subprocess.run(
        [PROJECT_ROOT / "scripts" / "build"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        pytest.fail(f"The dashboard could not be built, so no browser can look at it.\n{built.stdout}{built.stderr}")


@pytest.fixture
def changed() -> dict[str, Any]:
    """Settings that a test wants otherwise."""
    return {}


@pytest.fixture
def served(
    dashboard: None, settings: Settings, changed: dict[str, Any], sqlite_template: Path, tmp_path: Path
) -> FastAPI:
    """The application, its database empty unless `filled`, `furnished` or `sampled` came first."""
    if not (tmp_path / "watchfloor.db").exists():
        shutil.copyfile(sqlite_template, tmp_path / "watchfloor.db")
    app = create_app(settings.model_copy(update={"our_addresses": mailbox.OUR_ADDRESSES, **changed}))
    app.state.upload_folder = tmp_path / "uploads"
    return app


@pytest_asyncio.fixture(loop_scope="session")
async def address(served: FastAPI) -> AsyncIterator[str]:
    """Where a server of its own listens."""
    app = served
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    # Nothing is rendered: a traceback for the console takes seconds, and the page would wait for it.
    with capture_logs():
        yield await _begun(server, serving)
        server.should_exit = True
        await serving


async def _begun(server: uvicorn.Server, serving: asyncio.Task[None]) -> str:
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest_asyncio.fixture(loop_scope="session")
async def page(stranger: Page, served: FastAPI) -> Page:
    """The same page, of somebody who is signed in."""
    await sign_in(stranger, served)
    return stranger


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(browser: Browser, address: str) -> AsyncIterator[Page]:
    """A page in New York. At its end: no error in a script, no breach of the policy, no request to anybody else."""
    context = await browser.new_context(
        base_url=address, timezone_id="America/New_York", viewport={"width": 1200, "height": 850}
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", on_console)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    if not page.is_closed():  # what is held up on its way has nobody left who waits for it
        await page.unroute_all(behavior="ignoreErrors")
    await context.close()
    own = {urlsplit(address).netloc, ""}  # data: has no host
    assert wrong == []
    assert [url for url in asked if urlsplit(url).netloc not in own] == []


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(browser: Browser, address: str) -> AsyncIterator[BrowserContext]:
    """Another browser, of whoever uses it."""
    context = await browser.new_context(base_url=address)
    yield context
    await context.close()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """The mailbox as a file."""
    return mailbox.write(tmp_path / "inbox.mbox", datetime.now(UTC), broken=True)


async def _imported(template: Path, database_file: Path, *exports: Path) -> Path:
    """A database into which the exports were imported."""
    shutil.copyfile(template, database_file)
    settings = Settings(
        _env_file=None, database_url=SecretStr(f"sqlite:///{database_file}"), our_addresses=mailbox.OUR_ADDRESSES
    )
    database = database_from(settings)
    for export in exports:
        manifest = registry.recognise(export)
        async with database.writing() as session:
            run = await importing.begin(
                session, manifest, what=export.name, into=None, now=datetime.now(UTC), path=export
            )
        await importing.carry_out(importing_from(settings, database), run.id, manifest, export)
    await database.close()
    return database_file


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the mailbox imported, made once."""
    folder = tmp_path_factory.mktemp("filled")
    letters = mailbox.write(folder / "inbox.mbox", datetime.now(UTC), broken=True)
    return await _imported(sqlite_template, folder / "filled.db", letters)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office_template(filled_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a table and a workspace beside it."""
    folder = tmp_path_factory.mktemp("office")
    now = datetime.now(UTC)
    exports = office.table(folder / "tasks.csv", now), office.workspace(folder, now)
    return await _imported(filled_template, folder / "office.db", *exports)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sample_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample company, made once."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copyfile(sqlite_template, file := folder / "sample.db")
    settings = Settings(_env_file=None, database_url=SecretStr(f"sqlite:///{file}"))
    database = database_from(settings)
    now = datetime.now(UTC)
    await loading.load(database.writing, folder / "uploads", now, environment="development")
    jobs = jobs_from(settings, syncing_from(settings, importing_from(settings, database)))
    while await jobs.import_next():
        pass
    await database.close()
    return file


@pytest.fixture
def filled(filled_template: Path, tmp_path: Path) -> None:
    """The server finds the mailbox imported."""
    shutil.copyfile(filled_template, tmp_path / "watchfloor.db")


@pytest.fixture
def furnished(office_template: Path, tmp_path: Path) -> None:
    """The server finds the mailbox, the table and the workspace imported."""
    shutil.copyfile(office_template, tmp_path / "watchfloor.db")


@pytest.fixture
def sampled(sample_template: Path, tmp_path: Path) -> None:
    """The server finds the sample company loaded."""
    shutil.copyfile(sample_template, tmp_path / "watchfloor.db")


async def _visited(page: Page) -> Site:
    site = Site(page)
    await site.visit()
    return site


@pytest_asyncio.fixture(loop_scope="session")
async def site(filled: None, page: Page) -> Site:
    """The page, showing the mailbox's queue."""
    return await _visited(page)


@pytest_asyncio.fixture(loop_scope="session")
async def full_site(furnished: None, page: Page) -> Site:
    """The page, showing the queue of mailbox, table and workspace."""
    return await _visited(page)
