"""The queue over HTTP, beside a bare route of the same server in the same minute: pages, one task, changes, search."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from scripts.benchmarks import filling, serving
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.once import policy
from scripts.benchmarks.serving import Client, Server, together

SIZES, QUICK_SIZES = (10_000, 100_000, 1_000_000), (2_000, 20_000)
_CHANGED_AT = 100_000
_PAGE = "/api/v1/tasks?limit=50"
_ROUNDS = 5


def queue(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Every measure at every size; the database grows from one to the next."""
    sheet = Sheet("Queue over HTTP", makers.kind)
    sizes = QUICK_SIZES if quick else SIZES
    url = makers.new()
    first: float | None = None
    filled = 0
    for size in sizes:
        filling.fill(url, filled + 1, size, policy())
        filled = size
        with serving.watchfloor(url, folder) as server, serving.bare(folder) as bare:
            middle = _pages(sheet, server, bare, size, first=first, last=size == sizes[-1], quick=quick)
            first = first or middle
            _variants(sheet, server, size, quick=quick)
            if size == (_CHANGED_AT if not quick else sizes[-1]):
                _changes(sheet, server, size, quick=quick)
    makers.drop(url)
    return sheet


def fill_for(makers: Makers, size: int) -> URL:
    """A database of that many tasks."""
    url = makers.new()
    filling.fill(url, 1, size, policy())
    return url


def _pages(
    sheet: Sheet, server: Server, bare: Server, size: int, *, first: float | None, last: bool, quick: bool
) -> float:
    """The first page at one client and at eight, in turns with the bare route. Returns its median in ms."""
    named = f"{size:,} tasks"
    result = 0.0
    for clients in (1, 8):
        ours: list[list[float]] = []
        ready: list[list[float]] = []
        requests = (24 if quick else 150) // (1 if clients == 1 else 4)
        together(server, clients, 10, lambda client, _: client.timed("GET", _PAGE))
        for _ in range(_ROUNDS):
            ready.append(together(bare, clients, requests, lambda client, _: client.timed("GET", "/")))
            ours.append(together(server, clients, requests, lambda client, _: client.timed("GET", _PAGE)))
        middles = [percentile(some, 0.5) * 1000 for some in ours]
        aim = Aim("≤", 10) if last and clients == 1 else None
        beside = [percentile(a, 0.5) / percentile(b, 0.5) for a, b in zip(ours, ready, strict=True)]
        called = "one client" if clients == 1 else f"{clients} clients"
        every = [seconds * 1000 for some in ours for seconds in some]
        note = f"p95 {percentile(every, 0.95):.1f}, p99 {percentile(every, 0.99):.1f} ms"
        note += f"; {sorted(beside)[2]:.0f} × the bare route"
        sheet.add(f"page of 50, {named}, {called}, p50", middles, "ms", aim=aim, note=note)
        if clients == 1:
            result = sheet.figures[-1].value
            if last and first:
                sheet.add(f"  {named} against the smallest, p50", result / first, aim=Aim("≤", 1.5))
    return result


def _variants(sheet: Sheet, server: Server, size: int, *, quick: bool) -> None:
    """Other ways to look at the queue, each at one client."""
    client = server.client()
    named = f"{size:,} tasks"
    ways = {
        "status=done": f"{_PAGE}&status=done",
        "band=now": f"{_PAGE}&band=now",
        "a label": f"{_PAGE}&label=label3",
        "sorted by due": f"{_PAGE}&sort=due_at",
        "a page far behind": f"{_PAGE}&cursor={_deep(client, 30 if quick else 100)}",
        "one task": f"/api/v1/tasks/{size // 2}",
        "search, a rare word": f"{_PAGE}&q={filling.RARE}",
        "search, a common word": f"{_PAGE}&q={filling.COMMON}",
        "counts of what is open": "/api/v1/tasks/counts?status=open",
        "trends of 90 days": "/api/v1/trends?days=90&tz=Europe/Berlin",
    }
    for way, target in ways.items():
        status, said = client.ask("GET", target)
        if status >= 400:
            raise RuntimeError(f"{target} was answered {status}: {said!r}")
        took = _some(client, lambda c, t=target: c.timed("GET", t), seconds=0.15 if quick else 1.5)  # type: ignore[misc]
        sheet.add(f"{way}, {named}, p50", percentile(took, 0.5), "ms", note=f"p95 {percentile(took, 0.95):.1f} ms")
    client.close()


def _some(client: Client, ask: Callable[[Client], float], *, seconds: float) -> list[float]:
    """Milliseconds of as many requests as fit into `seconds`, at least three and at most 200."""
    took: list[float] = []
    while len(took) < 3 or (sum(took) < seconds * 1000 and len(took) < 200):
        took.append(ask(client) * 1000)
    return took


def _deep(client: Client, pages: int) -> str:
    """A cursor that stands `pages` of 200 tasks behind the beginning."""
    cursor = ""
    for _ in range(pages):
        target = "/api/v1/tasks?limit=200" + (f"&cursor={cursor}" if cursor else "")
        following = json.loads(client.ask("GET", target)[1])["next_cursor"]
        if following is None:
            break
        cursor = following
    return cursor


def _changes(sheet: Sheet, server: Server, size: int, *, quick: bool) -> None:
    """One person's changes, one after the other, each to another task."""
    client = server.client()
    chance = random.Random(1)
    ids = [task["id"] for task in json.loads(client.ask("GET", "/api/v1/tasks?limit=200&sort=-created_at")[1])["items"]]
    chance.shuffle(ids)
    half = len(ids) // 2
    some = 30 if quick else half
    ways: tuple[tuple[str, Callable[[int], float]], ...] = (
        ("status change (complete)", lambda task: client.timed("POST", f"/api/v1/tasks/{task}/complete")),
        ("edit (priority)", lambda task: client.timed("PATCH", f"/api/v1/tasks/{task}", {"priority": "high"})),
    )
    for at, (called, change) in enumerate(ways):
        took = [change(task) * 1000 for task in ids[at * half :][:some]]
        note = f"p95 {percentile(took, 0.95):.1f} ms"
        sheet.add(f"{called}, {size:,} tasks, p50", percentile(took, 0.5), "ms", aim=Aim("≤", 5), note=note)
    client.close()
