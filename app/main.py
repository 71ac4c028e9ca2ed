"""Composition root of the server: builds the app from settings. No work at import; `create_app` is the factory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import composition
from app.composition import database_from, importing_from, jobs_from, syncing_from, warn_of_demo, watch_from
from app.core import log, openapi, pages, web
from app.core.clock import Clock, utc_now
from app.core.event_stream import Streams
from app.core.origins import origin_of
from app.core.rates import limiter
from app.settings import DATA_FOLDER, Settings
from app.settings.production import doubtful
from app.workflows import routes
from app.workflows.identity.entering import doorkeeper
from app.workflows.identity.recognising import Recogniser
from app.workflows.identity.ways.outside import ways_from
from app.workflows.rates import apart_as, beyond_as, class_of, most_from
from app.workflows.secrets.vault import vault_from
from app.workflows.seeding import seed_if_possible
from app.workflows.sync.syncing import Syncing
from app.workflows.watch.watching import ONLY_ANSWERS

_log = log.get(__name__)
METRICS = DATA_FOLDER / "metrics"


def create_app(
    settings: Settings,
    *,
    jobs: bool = True,
    watch: bool = True,
    sample: bool = False,
    clock: Clock = utc_now,
    hosts: Sequence[str] = (),
) -> FastAPI:
    """The whole application on one database. With `jobs` off it answers and enqueues, and a worker does the rest;
    with `sample` an empty database begins with the sample data. Without `watch` nobody sees that this process lives.

    With `hosts` it answers only under those names; see app.core.origins.KnownOrigin.
    """
    database = database_from(settings, clock, within_s=settings.query_timeout_s)
    work = importing_from(settings, database, clock)
    syncing = syncing_from(settings, work)
    background = jobs_from(settings, syncing, sample=sample)
    watching = watch_from(settings, syncing, "serve" if jobs else ONLY_ANSWERS, answers=True)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        _warn(settings)
        await seed_if_possible(database, now=clock())
        if jobs:
            background.start()
        if watch:
            watching.start()
        yield
        app.state.streams.close()
        await background.stop()
        await watching.stop()
        await syncing.end()
        await _close(app)

    app = FastAPI(**routes.ABOUT, openapi_tags=routes.TAGS, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.settings = settings
    app.state.database = database
    app.state.clock = clock
    app.state.streams = Streams()
    _know_people(app, syncing)
    app.state.judge = work.judge
    app.state.syncing = syncing
    app.state.jobs = background
    app.state.runs_jobs = jobs
    app.state.watch = watching
    app.state.upload_folder = composition.UPLOADS
    app.state.metrics_lock = asyncio.Lock()
    _install(app, settings, hosts)
    return app


def _warn(settings: Settings) -> None:
    """Say in the log, once at start, which settings do harm in production, and that what is shown may be invented."""
    warn_of_demo(settings)
    for name, said in doubtful(settings):
        _log.warning("a setting should be changed", setting=name, detail=f"{name} {said}.")


def _know_people(app: FastAPI, syncing: Syncing) -> None:
    """Who asks, how often they may, and how people sign in."""
    state = app.state
    state.vault = vault_from(state.settings)
    limited, store = state.settings.rate_limits, state.settings.rate_limit_store.get_secret_value()
    apart = apart_as(state.vault, state.settings, state.clock)
    state.limiter = limiter(most_from(state.settings), class_of, store, apart) if limited else None
    beyond = beyond_as(state.limiter)
    state.recogniser = Recogniser(
        state.database,
        state.clock,
        settings=state.settings,
        vault=state.vault,
        beyond=beyond,
        forgotten=state.streams.rights_changed,
    )
    state.ways = ways_from(doorkeeper(state), syncing.guards)


async def _close(app: FastAPI) -> None:
    """What requests used."""
    await app.state.recogniser.stop()
    await app.state.ways.close()
    if app.state.limiter is not None:
        await app.state.limiter.close()
    await app.state.database.close()


def _install(app: FastAPI, settings: Settings, hosts: Sequence[str]) -> None:
    """Middleware, routes, pages."""
    web.install(
        app,
        body_max_bytes=settings.body_max_bytes,
        body_timeout_s=settings.body_timeout_s,
        origins=settings.cors_origins,
        own_origin=origin_of(settings.public_url),
        hosts=hosts,
        proxies=settings.trusted_proxies,
        recognise=app.state.recogniser,
        limiter=app.state.limiter,
    )
    routes.install(app)
    pages.install(app)
    openapi.install(app)
