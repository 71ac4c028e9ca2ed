"""A source that is told how a task stands, as the outbox tells it, and what can go wrong on the way.

`Wire` carries calls to a world of the stand-in and turns its failures into the errors that gateways make of them.
`Told` keeps what the outbox keeps: what stands there of ours, also what was only planned when a write was cut short.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from app.core.guard.guard import Guard
from app.core.guard.settings import GuardSettings, Mode
from app.core.http import Outbound
from app.integrations.contract import Manifest
from app.integrations.gateways.bound import bind
from app.integrations.gateways.contract import Gateway
from app.integrations.gateways.providers import failure
from app.integrations.gateways.rest import RestGateway
from app.integrations.gateways.sdk import SdkGateway
from app.integrations.pulling import Account, Answer, Json, Tools
from app.integrations.registry import TOOLS
from app.integrations.writing import Mark, Target, Write, Writing, Written
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from scripts.fake_composio.toolkit import ToolFailed, Toolkit

KEY = "test-key"
GATEWAYS = ("rest", "sdk", "sdk of v2")


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Wire:
    """Tools of a world, without HTTP."""

    world: Toolkit
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    before: dict[str, list[Callable[[], Any]]] = field(default_factory=dict)
    """By tool: what happens before its next calls; what it raises they raise."""
    after: dict[str, list[Callable[[], Any]]] = field(default_factory=dict)
    """The same once the tool has run."""

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        json.dumps(arguments)
        self._happens(self.before, tool)
        known = TOOLS[tool]
        try:
            data = self.world.tools[tool](arguments)
        except ToolFailed as failed:
            raise failure(failed.message, failed.body(), known, None) from failed
        self._happens(self.after, tool)
        return Answer(tool, arguments, data, known.of)

    @staticmethod
    def _happens(steps: dict[str, list[Callable[[], Any]]], tool: str) -> None:
        if waiting := steps.get(tool):
            waiting.pop(0)()

    def wrote(self, since: int = 0) -> list[str]:
        """The tools that change something, as they were called."""
        return [tool for tool, _ in self.calls[since:] if TOOLS[tool].writes]


def raising(error: BaseException) -> Callable[[], Any]:
    def step() -> None:
        raise error

    return step


@dataclass
class Told:
    """One task at its source."""

    manifest: Manifest
    tools: Tools
    targets: Callable[[], tuple[Target, ...]]
    """As they were last pulled."""
    settings: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, str] | None = None
    """None: what the targets are."""
    effect: Json = field(default_factory=dict)
    mark: Mark = "open"
    """What it was told last."""
    plans: list[Json] = field(default_factory=list)

    @property
    def writing(self) -> Writing:
        assert self.manifest.writing
        return self.manifest.writing

    async def tell(self, mark: Mark, *, overwrite: bool = False) -> Written:
        targets = self.targets()
        expected = {each.external_id: each.status for each in targets} if self.expected is None else self.expected
        assert self.manifest.live
        settings = self.manifest.live.settings(**self.settings)
        writer = self.writing.writer()
        if not self.effect and not writer.writes(settings, mark, self.mark):
            return Written(outcome="nothing")
        write = Write(
            tools=self.tools,
            settings=settings,
            mark=mark,
            before=self.mark,
            targets=targets,
            expected=expected,
            effect=self.effect,
            plan=self._plan,
            overwrite=overwrite,
        )
        written = await writer.write(write)
        if written.outcome in ("done", "already"):
            self.effect, self.mark = json.loads(json.dumps(written.effect)), mark
        return written

    async def _plan(self, effect: Json) -> None:
        self.effect = json.loads(json.dumps(effect))
        self.plans.append(self.effect)


@asynccontextmanager
async def through(gateway: str, manifest: Manifest, world: Toolkit) -> AsyncIterator[tuple[Tools, FakeComposio]]:
    """The tools of a kind over HTTP: its guard, one of the gateways, and the stand-in that serves the world."""
    assert manifest.live
    fake = FakeComposio(KEY, legacy=gateway == "sdk of v2")
    fake.connect("ca_told", world)
    async with serving(fake) as url:
        outbound = Outbound(url, headers={"x-api-key": KEY}, service="Composio")
        made = _gateway(gateway, outbound)
        guard = Guard(manifest.kind, GuardSettings(retry_first_s=0.01, retry_most_s=0.02, breaker_rest_s=0.02))
        account = Account("default", "ca_told")
        try:
            service = manifest.live.service
            yield bind(made, guard, account, service=service, mode=Mode.BACKGROUND, tools=TOOLS), fake
        finally:
            await made.close()


def _gateway(gateway: str, outbound: Outbound) -> Gateway:
    if gateway == "rest":
        return RestGateway(outbound)
    return SdkGateway(outbound, SecretStr(KEY), api="v2" if gateway == "sdk of v2" else "v3.1")
