"""A real Chromium for scripts, and somebody who is signed in. Playwright is of the development packages."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.identity import sessions, users
from app.domains.identity.rules import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
_COOKIE = "watchfloor_session"
"""Its name where the server is none of production."""


class NoBrowser(Exception):
    """There is none here, or nothing that drives one. The message is a sentence for people."""


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Raises NoBrowser. Its scroll bars are drawn, as on a desk."""
    program = next(
        (path for name in (os.environ.get("TEST_CHROMIUM"), *_PROGRAMS) if name and (path := shutil.which(name))), None
    )
    if program is None:
        raise NoBrowser("no Chromium or Chrome is installed here, and TEST_CHROMIUM names none")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not there without the development packages
    except ModuleNotFoundError as error:
        raise NoBrowser("Playwright is not installed here: scripts/test sets it up") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(_FLAGS), ignore_default_args=["--hide-scrollbars"]
        )
        yield browser
        browser.close()


def session_of(url: str, email: str, name: str = "") -> str:
    """The token of a new session of an admin, made where nobody has the address. Not while `chromium` is open."""
    return asyncio.run(_session(url, email, name))


async def _session(url: str, email: str, name: str) -> str:
    database, now = Database(url), utc_now()
    async with database.writing() as session:
        user = await users.by_email(session, email)
        if user is None:
            user = await users.create(session, email, Role.ADMIN, name=name, now=now)
        _, token = await sessions.begin(session, user, method="password", now=now, lasts=timedelta(days=1))
    await database.close()
    return token


def sign_in(context: "BrowserContext", token: str) -> None:
    """Of a server that runs on this machine, and not in production."""
    context.add_cookies([{"name": _COOKIE, "value": token, "domain": "127.0.0.1", "path": "/", "httpOnly": True}])
