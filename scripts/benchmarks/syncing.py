"""How fast mail comes from a service beside the import of the same mail, and what pulling costs everybody else.

The stand-in for Composio is served by this process, in a thread; what is measured runs in processes of its own, so the
two share no interpreter lock. On two processors they share little else.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.core.clock import utc_now
from app.core.guard import Guard, GuardSettings, Mode
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import gateway_from
from app.integrations.pulling import Account
from app.integrations.registry import TOOLS
from scripts.benchmarks import due, idling, mailbox, meanwhile
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.ingesting import once
from scripts.benchmarks.pulled import pulled, settings_for
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running

_AT_ONCE = 10
_LATENCY_S = 0.2
_TURNS = 10
_LARGE, _SMALL = "ca_large", "ca_small"


def sync(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Rate and memory of a pull, many pulls at once, a person's pages meanwhile, and rest."""
    sheet = Sheet("Sync", makers.kind)
    large, small = (1000, 300) if quick else (10_000, 2000)
    with _mail(folder, large, small) as (fake, url):
        _beside_the_file(sheet, makers, folder / "large.mbox", url, rounds=1 if quick else 3)
        _memory(sheet, makers, url, large, small)
        meanwhile.pages(sheet, makers, folder, url, _LARGE)
        asyncio.run(_parallel(sheet, fake, url))
    due.due_at_once(sheet, makers, folder, count=20 if quick else 200, rested=not quick)
    idling.idle(sheet, makers, folder, seconds=5 if quick else 60)
    return sheet


@contextmanager
def _mail(folder: Path, large: int, small: int) -> Iterator[tuple[FakeComposio, str]]:
    """Two mailboxes at the service, and the larger one as a file."""
    fake = FakeComposio()
    for account, name, count in ((_LARGE, "large.mbox", large), (_SMALL, "small.mbox", small)):
        mailbox.write(folder / name, count, seed=4)
        fake.connect(account, Mailbox(now=utc_now).from_mbox(folder / name))
    with running(fake) as url:
        yield fake, url


def _beside_the_file(sheet: Sheet, makers: Makers, path: Path, services: str, *, rounds: int) -> None:
    """In turns, each on one processor: the import of a file, and the pull of the same mail."""
    imports, pulls = [], []
    for _ in range(rounds):
        imports.append(_import(makers, path))
        pulls.append(_pull(makers, services, _LARGE))
        if pulls[-1]["new"] != imports[-1]["new"]:
            raise RuntimeError(f"{imports[-1]['new']} mails were imported and {pulls[-1]['new']} pulled")
    count = f"{pulls[0]['read']:,} mails"
    rates = [[run["read"] / run["seconds"] for run in some] for some in (imports, pulls)]
    sheet.add("mail imported from a file", rates[0], "/s", note=count)
    sheet.add("the same mail pulled in pages of 100", rates[1], "/s")
    ratios = [pull / file for file, pull in zip(*rates, strict=True)]
    sheet.add("pulling as a share of importing", ratios, aim=Aim("≥", 0.5))
    used = [[1e6 * run["cpu"] / run["read"] for run in some] for some in (imports, pulls)]
    sheet.add("processor time a mail, imported", used[0], "µs")
    sheet.add("processor time a mail, pulled", used[1], "µs")
    shares = [file / pull for file, pull in zip(*used, strict=True)]
    sheet.add("the share by processor time, which others disturb less", shares)
    sheet.add("memory of the import at most", [run["peak_mb"] for run in imports], "MB")
    sheet.add("memory of the pull at most", [run["peak_mb"] for run in pulls], "MB")


def _memory(sheet: Sheet, makers: Makers, services: str, large: int, small: int) -> None:
    """Whether a longer pull needs more."""
    more, fewer = (_pull(makers, services, account)["peak_mb"] for account in (_LARGE, _SMALL))
    sheet.add(f"memory of a pull of {small:,}, at most", fewer, "MB")
    sheet.add(f"memory at {large:,} against {small:,}", more / fewer, aim=Aim("≤", 1.2))


def _import(makers: Makers, path: Path) -> dict[str, Any]:
    url = makers.new()
    run = once("end_to_end", url, path, "mbox", pinned=True)
    makers.drop(url)
    return run


def _pull(makers: Makers, services: str, account: str) -> dict[str, Any]:
    url = makers.new()
    run = pulled(url, services, account)
    makers.drop(url)
    if run["state"] != "succeeded":
        raise RuntimeError(f"the pull of {account} ended as {run['state']}")
    return run


async def _parallel(sheet: Sheet, fake: FakeComposio, services: str) -> None:
    """Calls side by side through guard and gateway, over HTTP; and how many connections they need."""
    settings = settings_for("", services)
    gateway = gateway_from("rest", api_key=settings.composio_api_key, base_url=services)
    guard = Guard("composio:gmail", GuardSettings(), calls_per_minute=10_000)
    tools = bind(gateway, guard, Account("default", _SMALL), service="Gmail", mode=Mode.BACKGROUND, tools=TOOLS)
    before = fake.wire.connections if fake.wire else 0
    fake.latency_s, took = _LATENCY_S, []
    for _ in range(_TURNS):
        begun = time.perf_counter()
        await asyncio.gather(*(tools("GMAIL_GET_PROFILE") for _ in range(_AT_ONCE)))
        took.append(time.perf_counter() - begun)
    fake.latency_s = 0.0
    await gateway.close()
    made = (fake.wire.connections if fake.wire else 0) - before
    sheet.add(f"{_AT_ONCE} calls of {_LATENCY_S} s at once", took, "s", aim=Aim("≤", 0.3))
    calls = _AT_ONCE * _TURNS
    reused = 100 * (calls - made) / calls
    sheet.add("calls over a connection that was there", reused, "%", aim=Aim("≥", 90), note=f"{made} for {calls} calls")
