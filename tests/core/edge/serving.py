"""A small application behind the whole edge, and a real uvicorn for what only sockets can show."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.requests import HTTPConnection

from app.core import acting, web
from app.core.acting import Caller
from app.core.identifying import Recognised, anyone
from app.core.patient import behind
from app.core.rates import Limiter

KEY = {"Authorization": "Bearer known"}


async def recognise(connection: HTTPConnection) -> Recognised:
    """One key is known; a test may say which one it is, and whose."""
    given = connection.headers
    if given.get("authorization") == KEY["Authorization"]:
        address = connection.client.host if connection.client else ""
        owner = int(given["x-owner"]) if given.get("x-owner") else None
        return Recognised(Caller("key", int(given.get("x-key", "7")), "test", address=address, user_id=owner))
    return Recognised(anyone(connection))


def application(
    *,
    origins: Sequence[str] = (),
    own_origin: str = "",
    hosts: Sequence[str] = (),
    proxies: Sequence[str] = (),
    limiter: Limiter | None = None,
    body_timeout_s: float = 30,
    body_max_bytes: int = 1000,
) -> FastAPI:
    app = FastAPI()
    app.state.settings = SimpleNamespace(import_max_bytes=10_000)
    web.install(
        app,
        body_max_bytes=body_max_bytes,
        body_timeout_s=body_timeout_s,
        origins=origins,
        own_origin=own_origin,
        hosts=hosts,
        proxies=proxies,
        recognise=recognise,
        limiter=limiter,
    )

    @app.get("/health/live")
    @app.get("/thing")
    async def thing(request: Request) -> dict[str, Any]:
        client = request.client.host if request.client else None
        return {"client": client, "scheme": request.url.scheme, "address": acting.caller().address}

    @app.get("/kept")
    async def kept(request: Request) -> Response:
        return Response(headers={"Cache-Control": "public, max-age=60", "X-Frame-Options": "SAMEORIGIN"})

    @app.get("/unchanged")
    async def unchanged() -> Response:
        return Response(status_code=304, headers={"ETag": '"1"'})

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a defect")

    @app.post("/thing")
    @app.post("/api/v1/integrations/import")
    async def take(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @app.post("/unread")
    async def unread() -> dict[str, bool]:
        return {"done": True}

    return app


def client(app: FastAPI, address: str = "127.0.0.1", url: str = "http://localhost:8000") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url=url)


@asynccontextmanager
async def served(app: FastAPI, **how: Any) -> AsyncIterator[int]:
    """On a free port of this machine, as `watchfloor serve` does it. Gives the port."""
    given: dict[str, Any] = {"http": behind(()), **how}
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, ws="none", proxy_headers=False, **given)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has nothing else to wait for
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def said(port: int, sent: bytes, *, within_s: float = 5) -> bytes:
    """What the server answers to these bytes until it closes the connection, or nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        async with asyncio.timeout(within_s):
            return await reader.read()
    finally:
        writer.close()
