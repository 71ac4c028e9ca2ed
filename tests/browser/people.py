"""Who uses the page: made and signed in by the services, without the form."""

from datetime import timedelta

from fastapi import FastAPI
from playwright.async_api import Page

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.identity import passwords, sessions, users
from app.domains.identity.models import User
from app.domains.identity.rules import Role
from app.settings import Settings
from app.workflows.identity import cookies

EMAIL = "ana@workshop.example"
PASSWORD = "a quiet harbour in March"


async def add(app: FastAPI, role: Role = Role.ADMIN, *, email: str = EMAIL, password: str = "") -> User:
    """A user; the one there is, where the address is known."""
    database: Database = app.state.database
    hashed = await passwords.hashed(password) if password else ""
    async with database.writing() as session:
        user = await users.by_email(session, email)
        if user is None:
            user = await users.create(session, email, role, now=utc_now())
        if hashed:
            await users.set_password(session, user, hashed, now=utc_now())
    return user


async def sign_in(page: Page, app: FastAPI, role: Role = Role.ADMIN, *, email: str = EMAIL) -> None:
    """Give the page's browser a session of its own."""
    settings: Settings = app.state.settings
    user = await add(app, role, email=email)
    database: Database = app.state.database
    async with database.writing() as session:
        user = await users.get(session, user.id)
        _, token = await sessions.begin(session, user, method="password", now=utc_now(), lasts=timedelta(days=1))
    await page.context.add_cookies(
        [{"name": cookies.session_name(settings), "value": token, "domain": "127.0.0.1", "path": "/", "httpOnly": True}]
    )


async def end_sessions(app: FastAPI, *, email: str = EMAIL) -> None:
    """As when they run out, or somebody ends them."""
    database: Database = app.state.database
    async with database.writing() as session:
        user = await users.by_email(session, email)
        assert user is not None
        await sessions.end_all(session, user.id)
    app.state.recogniser.forget()
