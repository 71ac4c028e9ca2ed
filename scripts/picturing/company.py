"""The sample company, served on a database of its own at a time that is always the same."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from sqlalchemy.engine import URL

from app.core import log, migrations
from app.core.clock import Clock, utc_now
from app.core.database import Database
from app.domains.identity import sessions, users
from app.domains.identity.rules import Role
from app.main import create_app
from app.settings import Settings
from app.workflows.sample.build import FILES

BEGIN = datetime(2026, 3, 6, 14, 50, tzinfo=timezone(timedelta(0)))
"""A Friday, for the story is of a bad one."""
_US = ("@larkfield.example",)
_PEOPLE = (
    ("mira.osei@larkfield.example", "Mira Osei", Role.ADMIN),
    ("jonas.brandt@larkfield.example", "Jonas Brandt", Role.OPERATOR),
    ("ines.halloran@larkfield.example", "Ines Halloran", Role.VIEWER),
)
"""Of the story; the mailbox is the first one's."""
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36"
_PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Company:
    """Where it is served, and the session of its first admin."""

    address: str
    token: str
    clock: Clock


@contextmanager
def served(folder: Path, *, sample: bool) -> Iterator[Company]:
    """Without `sample` nothing was brought in. Its clock goes on from BEGIN."""
    log.configure("ERROR", "console")
    shift = BEGIN - utc_now()
    url = URL.create("sqlite+aiosqlite", database=str(folder / "company.db"))
    migrations.upgrade(url)
    token = asyncio.run(_people(str(url), BEGIN))
    settings = Settings(_env_file=None, database_url=SecretStr(str(url)), our_addresses=_US, rate_limits=False)
    app = create_app(settings, sample=sample, clock=lambda: utc_now() + shift)
    app.state.upload_folder = folder / "uploads"
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait(lambda: server.started, "the server does not start")
        if sample:
            _wait(lambda: _imported(folder / "company.db"), "the sample is not imported")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Company(f"http://127.0.0.1:{port}", token, lambda: utc_now() + shift)
    finally:
        server.should_exit = True
        thread.join()


def _wait(done: Callable[[], bool], trouble: str) -> None:
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > _PATIENCE_S:
            raise RuntimeError(trouble)
        time.sleep(0.05)


def _imported(database: Path) -> bool:
    """Whether each of the sample's exports has been read."""
    with closing(sqlite3.connect(database)) as connection:
        ends = connection.execute("SELECT finished_at FROM sync_runs").fetchall()
    return len(ends) == len(FILES) and all(end for (end,) in ends)


async def _people(url: str, now: datetime) -> str:
    """Who may sign in. Returns the token of the first one's session."""
    database = Database(url, clock=lambda: now)
    async with database.writing() as session:
        made = [await users.create(session, email, role, name=name, now=now) for email, name, role in _PEOPLE]
        _, token = await sessions.begin(
            session,
            made[0],
            method="password",
            now=now,
            lasts=timedelta(days=1),
            address="127.0.0.1",
            user_agent=_BROWSER,
        )
    await database.close()
    return token
