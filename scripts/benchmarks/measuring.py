"""What being measured costs: a scrape of a server with many integrations, as text and as JSON."""

import asyncio
from pathlib import Path

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.connections import service
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.due import NOT_NOW
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.serving import Server, together, watchfloor

INTEGRATIONS = 200
_AIM = Aim("≤", 20)
_ROUTES = ("/health", "/health/ready", "/api/v1/tasks?limit=1", "/api/v1/integrations", "/api/v1/sync/runs", "/nowhere")
"""Asked before: what was never asked for is not counted, and costs nothing."""


def metrics(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """The database is asked at each scrape: nothing is prepared beforehand."""
    sheet = Sheet("Metrics", makers.kind)
    url = makers.new()
    asyncio.run(_configure(text_of(url)))
    with watchfloor(url, folder, COMPOSIO_API_KEY="") as server:
        _warm(server)
        scrapes = 40 if quick else 300
        for called, target in (("text", "/metrics"), ("JSON", "/metrics/json")):
            took = _scrapes(server, target, clients=1, each=scrapes)
            _add(sheet, f"a scrape of {INTEGRATIONS} integrations, {called}", took, aim=_AIM)
        took = _scrapes(server, "/metrics", clients=4, each=scrapes // 4)
        _add(sheet, "the same as text, four at once", took, aim=None)
        sheet.add("samples of a scrape", _samples(server))
    makers.drop(url)
    return sheet


def _scrapes(server: Server, target: str, *, clients: int, each: int) -> list[float]:
    """How long each took, in milliseconds."""
    return [took * 1000 for took in together(server, clients, each, lambda client, _: client.timed("GET", target))]


def _add(sheet: Sheet, what: str, took: list[float], *, aim: Aim | None) -> None:
    sheet.add(f"{what}, p50", percentile(took, 0.5), "ms", aim=aim)
    sheet.add(f"{what}, p95", percentile(took, 0.95), "ms", aim=aim)


def _warm(server: Server) -> None:
    client = server.client()
    for _ in range(3):
        for route in (*_ROUTES, "/metrics", "/metrics/json"):
            client.ask("GET", route)
    client.close()


def _samples(server: Server) -> int:
    client = server.client()
    text = client.ask("GET", "/metrics")[1]
    client.close()
    return sum(not line.startswith(b"#") for line in text.splitlines())


async def _configure(url: str) -> None:
    """As many mailboxes, none of them due: pulled once, so that there is an age and a last success to tell of each."""
    database = Database(url)
    now = utc_now()
    async with database.writing() as session:
        for number in range(INTEGRATIONS):
            made = await service.create(
                session,
                kind="gmail",
                name=f"mailbox {number}",
                now=now,
                settings={},
                gateway={"connected_account_id": f"ca_{number}"},
            )
            made.cursor_at = made.last_success_at = now
            made.next_sync_at = now + NOT_NOW
    await database.close()
