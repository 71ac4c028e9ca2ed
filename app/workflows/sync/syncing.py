"""What every pull needs, and how an integration's own words become a pull."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from pydantic import ValidationError

from app.core.database import Database
from app.core.guard import Guards, Mode
from app.domains.connections.models import Integration
from app.domains.connections.rules import Backoff
from app.domains.tasks import present
from app.integrations.contract import Manifest
from app.integrations.gateways.accounts import Accounts
from app.integrations.gateways.contract import Checked
from app.integrations.gateways.demo.gateway import WORLDS
from app.integrations.gateways.demo.times import DEMO
from app.integrations.pulling import Account, Live, LiveSettings, Pull, Source, Tools
from app.integrations.writing import Writer
from app.workflows.importing import Importing

Connect = Callable[[Live, Account, Mode], Tools]
"""The tools of a kind's service for an account, behind the service's guard."""
COMPOSIO = "composio"
"""The gateway that is meant where an integration names none."""
NO_KEY = "Nothing can be pulled here: set COMPOSIO_API_KEY, and start Watchfloor again."
_NOT_PULLED = "What was pulled stays. Delete the integration, or clear it with the sample data."
BACKFILL = timedelta(days=30)
"""How far back the first pull goes where the settings don't say."""


@dataclass(frozen=True, slots=True)
class Syncing:
    """What every pull needs. Without `connect` no service is configured, and nothing is pulled."""

    work: Importing
    kinds: Mapping[str, Manifest]
    connect: Connect | None = None
    backoff: Backoff = field(default_factory=Backoff)
    user_id: str = "default"
    """Whose accounts are used where an integration names nobody."""
    guards: Guards | None = None
    """Of the services, to show how they stand."""
    close: Callable[[], Awaitable[None]] | None = None
    """Ends the gateway's connections."""
    accounts: Accounts | None = None
    """How accounts are connected; None where that can't be done from here."""
    check: Callable[[Sequence[str]], Awaitable[Sequence[Checked]]] | None = None
    """Asks whether the key is good and these tools are there."""
    demo: bool = False
    """Whether integrations of the demo gateway are pulled here (INTEGRATIONS_STUB_MODE)."""
    no_demo: str = "There is no demo data here."
    """Why not, in a sentence that says what to do."""
    composio: bool = True
    """Whether accounts at Composio are, given `connect`."""
    troubles: dict[str, str] = field(default_factory=dict)
    """What was found that can't be used, and why: by the tool's slug, or the key's name."""
    schedule: bool = True
    """Whether what is due is pulled by itself."""

    _sources: dict[str, Source] = field(default_factory=dict, init=False, repr=False, compare=False)
    _writers: dict[str, Writer] = field(default_factory=dict, init=False, repr=False, compare=False)

    def source(self, kind: str) -> Source:
        """One object for all integrations of a kind: it may remember what many pulls ask for."""
        if kind not in self._sources:
            self._sources[kind] = self.live[kind].source()
        return self._sources[kind]

    def writer(self, kind: str) -> Writer | None:
        """The same of how a kind's service is told; None where it is only read."""
        writing = self.kinds[kind].writing
        if writing is not None and kind not in self._writers:
            self._writers[kind] = writing.writer()
        return self._writers.get(kind)

    def gateways(self, live: Live) -> list[str]:
        """By which gateways a kind can be pulled here."""
        if self.connect is None:
            return []
        demo = [DEMO] if self.demo and live.toolkit in WORLDS else []
        return [*([COMPOSIO] if self.composio else []), *demo]

    def why_not(self, integration: Integration) -> str:
        """Why its gateway can't be used here, in a sentence; "" where it can. Demo data and real accounts never stand
        in for each other."""
        if is_demo(integration):
            return "" if self.demo else f"{self.no_demo} {_NOT_PULLED}"
        return "" if self.connect is not None and self.composio else NO_KEY

    async def end(self) -> None:
        if self.close is not None:
            await self.close()

    @property
    def live(self) -> dict[str, Live]:
        """The kinds that can be pulled."""
        return {kind: each.live for kind, each in self.kinds.items() if each.live} if self.connect else {}


@dataclass(frozen=True, slots=True)
class Known:
    """app.integrations.pulling.Known over our database."""

    database: Database
    integration_id: int

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        async with self.database.reading() as session:
            return await present.external_ids(session, self.integration_id, prefix=prefix, since=since, until=until)


class NotReady(Exception):
    """The integration can't be pulled as it is set. The message is a sentence for people."""


def pull_of(
    syncing: Syncing, integration: Integration, *, now: datetime, mode: Mode = Mode.BACKGROUND
) -> tuple[Live, Pull]:
    """The pull as the integration is set now. Raises NotReady."""
    live = syncing.live.get(integration.kind)
    if live is None or syncing.connect is None:
        raise NotReady(f"Nothing can pull {integration.kind} here: set COMPOSIO_API_KEY and start again.")
    if why := syncing.why_not(integration):
        raise NotReady(why)
    settings = settings_of(live, integration)
    return live, Pull(
        tools=syncing.connect(live, account_of(integration, syncing.user_id), mode),
        settings=settings,
        cursor=integration.cursor or {},
        since=_since(settings, integration),
        until=_until(settings, now),
        known=Known(syncing.work.database, integration.id),
    )


def account_of(integration: Integration, user_id: str) -> Account:
    gateway = integration.gateway or {}
    own = gateway.get("connected_account_id") or None
    return Account(str(gateway.get("user_id") or user_id), own, str(gateway.get("name") or COMPOSIO))


def is_demo(integration: Integration) -> bool:
    """Whether the demo gateway makes up what it holds."""
    return (integration.gateway or {}).get("name") == DEMO


def settings_of(live: Live, integration: Integration) -> LiveSettings:
    """Raises NotReady."""
    try:
        return live.settings.model_validate(integration.settings)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        said = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'settings'}: {each['msg']}" for each in wrong[:5])
        raise NotReady(f"The settings of {integration.name} can't be used: {said}") from error


def _since(settings: LiveSettings, integration: Integration) -> datetime:
    if settings.since is not None:
        return datetime.combine(settings.since, time.min, UTC)
    return integration.created_at - BACKFILL


def _until(settings: LiveSettings, now: datetime) -> datetime:
    if settings.until is None:
        return now
    return min(now, datetime.combine(settings.until, time.max, UTC))
