"""The API as its users see it: requests over HTTP, and the few things a test asks for again and again."""

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from app.core.database import Database
from app.workflows.jobs import Jobs

Document = dict[str, Any]
"""A JSON object as the API answers it."""

TASKS = "/api/v1/tasks"
BOOKKEEPING = ("version", "updated_at")
"""What an undo may change although everything is as before."""


class Api:
    """One client of one application. What has no name here goes through `http` as it is."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self.app = app
        self.http = http

    @property
    def jobs(self) -> Jobs:
        """The background work, which tests carry out step by step."""
        jobs: Jobs = self.app.state.jobs
        return jobs

    async def get(self, path: str, **query: Any) -> Document:
        """The body of a successful GET; `path` is relative to /api/v1."""
        return ok(await self.http.get(f"/api/v1{path}", params=query))

    async def post(self, path: str, body: Any = None, **headers: str) -> Document:
        return ok(await self.http.post(f"/api/v1{path}", json=body, headers=_names(headers)))

    async def patch(self, task_id: int, **fields: Any) -> Document:
        return ok(await self.http.patch(f"{TASKS}/{task_id}", json=fields))

    async def delete(self, task_id: int) -> Document:
        return ok(await self.http.delete(f"{TASKS}/{task_id}"))

    async def create(self, title: str = "A task", **fields: Any) -> Document:
        return await self.post("/tasks", {"title": title, **fields})

    async def task(self, task_id: int) -> Document:
        return await self.get(f"/tasks/{task_id}")

    async def verb(self, task_id: int, verb: str, **body: Any) -> Document:
        return await self.post(f"/tasks/{task_id}/{verb}", body or None)

    async def titles(self, **query: Any) -> list[str]:
        """Titles of the queue's first page, in its order."""
        return [task["title"] for task in (await self.get("/tasks", **query))["items"]]

    async def upload(self, content: bytes, name: str = "inbox.mbox", **fields: str) -> httpx.Response:
        return await self.http.post("/api/v1/integrations/import", files={"file": (name, content)}, data=fields or None)

    async def import_mail(self, *messages: bytes, name: str = "inbox.mbox", **fields: str) -> Document:
        """Import a mailbox to its end; returns the finished run."""
        started = ok(await self.upload(mbox(*messages), name, **fields))
        while await self.jobs.import_next():
            pass
        return await self.get(f"/sync/runs/{started['run']['id']}")


def database_of(api: Api) -> Database:
    """The application's own database, for what no request can bring about."""
    database: Database = api.app.state.database
    return database


def ok(response: httpx.Response) -> Document:
    assert response.is_success, f"{response.status_code} {response.text}"
    body: Document = response.json()
    return body


def problem(response: httpx.Response, status: int) -> Document:
    """The problem document of a response that must have failed with `status`."""
    assert response.status_code == status, f"{response.status_code} {response.text}"
    assert response.headers["content-type"] == "application/problem+json"
    body: Document = response.json()
    assert body["status"] == status
    assert body["correlation_id"] == response.headers["x-correlation-id"]
    return body


def locations(found: Document) -> list[str]:
    """Which fields a problem document refuses."""
    return [error["location"] for error in found["errors"]]


def without(task: Mapping[str, Any], *names: str) -> Document:
    return {name: value for name, value in task.items() if name not in names}


def content(task: Mapping[str, Any]) -> Document:
    """All of a task that an undo must put back."""
    return without(task, *BOOKKEEPING)


def message(
    subject: str = "Hello",
    text: str = "Could you look at this, please?",
    *,
    id: str = "",
    sender: str = "Ben Okafor <ben@example.org>",
    to: str = "support@example.com",
    date: str = "Mon, 02 Mar 2026 08:00:00 +0000",
    reply_to: str = "",
    **headers: str,
) -> bytes:
    """An RFC 5322 message. `id` and `reply_to` are written without their angle brackets; `_` in a header is a dash."""
    identity = id or f"{'-'.join(subject.lower().split())}@example.org"
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{identity}>"]
    if date:
        lines.append(f"Date: {date}")
    if reply_to:
        lines += [f"In-Reply-To: <{reply_to}>", f"References: <{reply_to}>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\n".join(lines).encode()


def mbox(*messages: bytes) -> bytes:
    return b"".join(b"From sender@example.org Mon Mar  2 08:00:00 2026\n" + each + b"\n" for each in messages)


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
