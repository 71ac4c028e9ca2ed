"""People who sign in, each in a browser of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.client import Api, Document, ok

AUTH = "/api/v1/auth"
USERS = "/api/v1/users"
EMAIL = "ana@example.org"
PASSWORD = "correct lantern basin 42"
ANOTHER = "seven quiet harbours 19"
ADDRESS = "192.0.2.7"


class Browser:
    """Keeps its cookies, and sends with every change the token of its sign-in, as our page does."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
        body = {"email": email, "password": password} | ({"code": code} if code else {})
        answer = await self.http.post(f"{AUTH}/login", json=body)
        self._keep(answer)
        return answer

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        answer = await self.http.post(f"/api/v1{path}", json=body)
        self._keep(answer)
        return answer

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}")

    async def patch(self, path: str, body: Any) -> httpx.Response:
        return await self.http.patch(f"/api/v1{path}", json=body)

    async def delete(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.request("DELETE", f"/api/v1{path}", json=body)

    async def me(self) -> Document:
        return ok(await self.get("/auth/me"))

    async def is_in(self) -> bool:
        answer = await self.get("/auth/me")
        assert answer.status_code in (200, 401)
        return answer.status_code == 200

    @property
    def session(self) -> str:
        return self.http.cookies.get("watchfloor_session") or ""

    @property
    def device(self) -> str:
        return self.http.cookies.get("watchfloor_device") or ""

    def _keep(self, answer: httpx.Response) -> None:
        if answer.is_success and answer.content and (token := answer.json().get("csrf_token")):
            self.http.headers["X-CSRF-Token"] = token


@asynccontextmanager
async def browser(app: FastAPI, *, address: str = ADDRESS, scheme: str = "http") -> AsyncIterator[Browser]:
    """A browser in which nobody has signed in."""
    transport = httpx.ASGITransport(app=app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://watchfloor.test") as http:
        yield Browser(http)


async def add_user(api: Api, email: str = EMAIL, role: str = "operator", password: str | None = PASSWORD) -> Document:
    """Somebody whom an admin adds."""
    given = {"email": email, "role": role} | ({"password": password} if password else {})
    return await api.post("/users", given)
