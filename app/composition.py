"""What a process is made of, out of its settings. The server (app.main), the worker and each command take from here
what they need. It brings no routes along, so that a command starts soon and stays small.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.core import log, metrics
from app.core.clock import Clock, utc_now
from app.core.database import Database
from app.core.errors import Rejected
from app.core.guard import Guards, GuardSettings, Mode
from app.domains import ranking
from app.domains.connections.rules import Backoff
from app.domains.tasks.policy import Policy
from app.domains.tasks.us import Us
from app.integrations import registry
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import accounts_from, gateway_from
from app.integrations.gateways.contract import Checked, Gateway, Tool
from app.integrations.gateways.demo.gateway import DemoGateway
from app.integrations.gateways.demo.times import DEMO
from app.integrations.gateways.tools import pinned
from app.integrations.pulling import Account, Live, Tools
from app.settings import DATA_FOLDER, Settings
from app.workflows import visibility
from app.workflows.importing import Importing
from app.workflows.jobs import Jobs, Pulling
from app.workflows.sample.loading import load_at_first_start
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Connect, Syncing
from app.workflows.tidying import Kept
from app.workflows.watch.watching import Watch
from app.workflows.writing.sending import Sender

_log = log.get(__name__)
UPLOADS = DATA_FOLDER / "uploads"


def policy_from(settings: Settings) -> Policy:
    """What judges tasks, as the settings say."""
    us = Us(addresses=settings.our_addresses, names=settings.our_names)
    return Policy(ruleset=ranking.default(), us=us, important_senders=settings.important_senders)


def database_from(settings: Settings, clock: Clock = utc_now, *, within_s: float = 0) -> Database:
    """The database. Statements of requests are ended after `within_s` seconds; 0: none is, as for commands."""
    return Database(
        settings.database,
        busy_timeout_s=settings.database_busy_timeout_s,
        pool_size=settings.database_pool_size,
        clock=clock,
        within_s=within_s,
        criteria=visibility.criteria,
    )


def importing_from(settings: Settings, database: Database, clock: Clock = utc_now) -> Importing:
    lease = timedelta(seconds=settings.sync_lease_s)
    return Importing(database, policy_from(settings), clock, page_size=settings.import_page_size, lease=lease)


def guards_from(settings: Settings) -> Guards:
    """The guards of all outside services of this process."""
    return Guards(
        GuardSettings(
            breaker_failures=settings.breaker_failures,
            breaker_rest_s=settings.breaker_rest_s,
            breaker_successes=settings.breaker_successes,
            interactive_retries=settings.interactive_retries,
            interactive_budget_s=settings.interactive_budget_s,
            background_retries=settings.background_retries,
            background_budget_s=settings.background_budget_s,
            attempt_most_s=settings.attempt_most_s,
            retry_first_s=settings.retry_first_s,
            retry_most_s=settings.retry_most_s,
            retry_jitter=settings.retry_jitter,
        ),
        listeners=[metrics.listener()],
        observer=metrics.observer(),
    )


def syncing_from(settings: Settings, work: Importing) -> Syncing:
    """How integrations are pulled; without COMPOSIO_API_KEY none can be, but those of demo data where it is on."""
    guards, tools = guards_from(settings), pinned(registry.TOOLS, settings.composio_tool_versions)
    demo = DemoGateway(work.clock) if settings.serves_demo else None
    gateway = None
    if settings.composio_api_key.get_secret_value():
        gateway = gateway_from(
            settings.composio_gateway,
            api_key=settings.composio_api_key,
            base_url=settings.composio_base_url,
            sdk_api=settings.composio_sdk_api,
        )

    async def check(names: Sequence[str]) -> Sequence[Checked]:
        return await gateway.check(tuple(tools[name] for name in names)) if gateway else ()

    return Syncing(
        work,
        registry.KINDS,
        connect=connected(gateway, demo, guards, tools) if gateway or demo else None,
        demo=demo is not None,
        no_demo=_no_demo(settings),
        composio=gateway is not None,
        close=gateway.close if gateway else None,
        accounts=accounts_from(gateway, guards) if gateway else None,
        check=check if gateway else None,
        backoff=Backoff(timedelta(seconds=settings.sync_backoff_s), timedelta(seconds=settings.sync_backoff_most_s)),
        user_id=settings.composio_user_id,
        guards=guards,
        schedule=settings.sync_schedule,
    )


def _no_demo(settings: Settings) -> str:
    """Why no demo data may be served here."""
    if settings.environment != "development":
        return "Demo data is for development: this is production."
    return "Demo data is switched off: set INTEGRATIONS_STUB_MODE=true, and start Watchfloor again."


def warn_of_demo(settings: Settings) -> None:
    """Say in the log, once at start, that what is shown may be invented."""
    if settings.serves_demo:
        said = "integrations of the demo gateway are served invented data, labelled as such"
        _log.warning("demo data is on", setting="INTEGRATIONS_STUB_MODE", detail=said)


def connected(gateway: Gateway | None, demo: Gateway | None, guards: Guards, tools: Mapping[str, Tool]) -> Connect:
    """A kind's tools for an account, through its gateway, behind the guard that all accounts of its service share."""

    def connect(live: Live, account: Account, mode: Mode) -> Tools:
        chosen = demo if account.gateway == DEMO else gateway
        if chosen is None:
            detail = f"{live.service} can't be called through the gateway «{account.gateway}» here: it is not set up."
            raise Rejected(detail, service=live.service, happened=False)
        key, name = f"{account.gateway}:{live.toolkit}", f"{live.service}{' (demo)' * (chosen is demo)}"
        guard = guards.of(key, name=name, calls_per_minute=live.calls_per_minute)
        return bind(chosen, guard, account, service=live.service, mode=mode, tools=tools)

    return connect


def jobs_from(settings: Settings, syncing: Syncing, *, sample: bool = False) -> Jobs:
    """The work beside answering. With `sample` an empty database begins with the sample data."""
    work = syncing.work

    async def first() -> bool:
        return await load_at_first_start(work.database, UPLOADS, work.clock().astimezone())

    return Jobs(
        work,
        every_s=settings.rescore_every_s,
        batch=settings.rescore_batch,
        kept=Kept(
            idempotency_hours=settings.idempotency_hours,
            history=timedelta(days=settings.history_days),
            runs=timedelta(days=settings.sync_runs_kept_days),
            audit=timedelta(days=settings.audit_kept_days),
        ),
        uploads=UPLOADS,
        first=first if sample else None,
        pulling=Pulling(
            Dispatcher(syncing, at_once=settings.sync_at_once, schedule=settings.sync_schedule),
            sender=Sender(
                syncing,
                delay=timedelta(seconds=settings.write_back_delay_s),
                give_up_after=timedelta(hours=settings.write_back_give_up_hours),
            ),
            look_every_s=settings.sync_look_every_s,
            connect_look_every_s=settings.connect_look_every_s,
        ),
    )


def watch_from(settings: Settings, syncing: Syncing, role: str, *, answers: bool = False) -> Watch:
    """The watch of a process, as every process has one that goes on. `answers`: it is a server."""
    port = settings.listen_port if answers else None
    return Watch(syncing, role=role, port=port, every_s=settings.watch_every_s, settles_s=settings.level_settles_s)
