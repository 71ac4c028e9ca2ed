"""Single background calls while services fail at random: how many succeed within their budget."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from app.core.clock import utc_now
from app.core.errors import Upstream
from app.core.guard import Guards, GuardSettings, Mode
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import gateway_from
from app.integrations.pulling import Account, Tools
from app.integrations.registry import TOOLS
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.pulled import settings_for
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.fake_composio.slack import Workspace

CHANCE = 0.3
SLOW_S, PATIENCE_S = 7.0, 6.0
"""How long what is too slow takes, and how long an attempt waits for it: 30 s in the program."""
_AT_ONCE = 16
"""Calls to each service."""
_CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "gmail": ("GMAIL_FETCH_EMAILS", {"max_results": 20}),
    "slack": ("SLACK_LIST_ALL_USERS", {}),
    "notion": ("NOTION_SEARCH_NOTION_PAGE", {}),
}


@dataclass(slots=True)
class _Told:
    took: list[float] = field(default_factory=list)
    """Seconds of those that succeeded."""
    failed: int = 0


def faulty_calls(sheet: Sheet, *, rounds: int, each: int) -> None:
    """Three services side by side, a breaker's threshold at ten, all waits as they are in the program."""
    shares, told, said = [], _Told(), []
    for seed in range(1, rounds + 1):
        guards, some = asyncio.run(_round(seed, each))
        shares.append(100 * len(some.took) / (len(some.took) + some.failed))
        told.took += some.took
        told.failed += some.failed
        shown = [guard.snapshot() for guard in guards.all()]
        attempts = sum(each.attempts for each in shown)
        failed = 100 * sum(sum(each.attempts_failed.values()) for each in shown) / attempts
        said.append(f"{failed:.0f} % of {attempts:,} attempts failed, {sum(s.openings for s in shown)} openings")
    count = len(told.took) + told.failed
    note = f"{told.failed} of {count:,} failed in {rounds} rounds: {'; '.join(said)}"
    sheet.add("calls that succeed within their budget", shares, "%", aim=Aim("≥", 99.9), note=note)
    sheet.add("what such a call takes, p50", percentile(told.took, 0.5), "s")
    sheet.add("what such a call takes, p99", percentile(told.took, 0.99), "s")
    sheet.add("what such a call takes at most", max(told.took), "s")


async def _round(seed: int, each: int) -> tuple[Guards, _Told]:
    fake = FakeComposio(seed=seed)
    fake.connect("ca_gmail", Mailbox(now=utc_now).generate(100))
    fake.connect("ca_slack", Workspace(utc_now).generate(3, 50))
    fake.connect("ca_notion", NotionSpace(now=utc_now).generate(1, 50))
    guards, told = Guards(GuardSettings(breaker_failures=10, attempt_most_s=PATIENCE_S)), _Told()
    with running(fake) as services:
        gateway = gateway_from("rest", api_key=settings_for("", services).composio_api_key, base_url=services)
        bound = {}
        for kind, (tool, arguments) in _CALLS.items():
            account = Account("default", f"ca_{kind}")
            bound[kind] = bind(
                gateway, guards.of(f"composio:{kind}"), account, service=kind, mode=Mode.BACKGROUND, tools=TOOLS
            )
            await bound[kind](tool, **arguments)  # what fails here is no fault on demand
        fake.faults.mix(CHANCE, seed, slow_s=SLOW_S)
        await asyncio.gather(*(_many(tools, *_CALLS[kind], each, told) for kind, tools in bound.items()))
        await gateway.close()
    return guards, told


async def _many(tools: Tools, tool: str, arguments: dict[str, Any], count: int, told: _Told) -> None:
    left = iter(range(count))

    async def one_after_the_other() -> None:
        for _ in left:
            begun = time.perf_counter()
            try:
                await tools(tool, **arguments)
            except Upstream:
                told.failed += 1
            else:
                told.took.append(time.perf_counter() - begun)

    await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
