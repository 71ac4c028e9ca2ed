"""The event stream: what happens, as it happens, and all of it again for whoever comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import delete
from sqlalchemy import event as happening

from app.core import event_stream, event_watch, events
from app.core.database import Database
from app.core.event_stream import Streams
from app.domains.identity.rules import Scope
from app.main import create_app
from app.settings import Settings
from tests.api.conftest import key_of, settings_on
from tests.conftest import START, SettableClock


async def tell(database: Database, *names: str, at: timedelta = timedelta(0)) -> None:
    async with database.writing() as session:
        for name in names:
            await events.append(session, "sync.progress", {"name": name}, now=START + at)


async def heard(reader: events.Reader, clock: SettableClock) -> list[str]:
    return [row.data["name"] for row in await reader.next(clock())]


async def test_each_event_is_given_once_in_order(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "b")
    reader = events.Reader(events.log_of(database), 0)

    assert await heard(reader, clock) == ["a", "b"]
    assert await heard(reader, clock) == []
    await tell(database, "c")
    assert await heard(reader, clock) == ["c"]


async def test_what_commits_late_is_given_too(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "late", "c")
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
    reader = events.Reader(events.log_of(database), 0)
    assert await heard(reader, clock) == ["a", "c"]
    assert reader.after == 1

    async with database.writing() as session:
        session.add(events.Event(id=2, at=START, type="sync.progress", data={"name": "late"}))

    assert await heard(reader, clock) == ["late"]
    assert reader.after == 3


async def test_who_begins_now_hears_what_was_under_way_and_not_what_was_told(
    database: Database, clock: SettableClock
) -> None:
    """On Postgres a transaction takes its ids before it commits, and another with higher ones may commit first."""
    await tell(database, "a", "under way", "c")
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
    async with database.reading() as session:
        begin = await events.resumed(session, None, clock())
    reader = events.Reader.beginning(events.log_of(database), begin, clock())
    assert await heard(reader, clock) == []

    async with database.writing() as session:
        session.add(events.Event(id=2, at=START, type="sync.progress", data={"name": "under way"}))
    await tell(database, "d")

    assert await heard(reader, clock) == ["under way", "d"]


async def test_who_begins_now_waits_for_nothing_that_is_long_settled(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "rolled back", "c")
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
        begin = await events.resumed(session, None, clock.advance(minutes=1))

    reader = events.Reader.beginning(events.log_of(database), begin, clock())

    assert (reader.after, reader.waits) == (3, False)


async def test_a_gap_that_stays_holds_nothing_up(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "rolled back", "c")
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
    reader = events.Reader(events.log_of(database), 0)
    await heard(reader, clock)

    clock.advance(minutes=1)
    await heard(reader, clock)

    assert reader.after == 3


async def test_old_events_are_forgotten_and_their_ids_never_given_again(database: Database) -> None:
    await tell(database, "a", "b")
    async with database.writing() as session:
        await events.forget_old(session, START + timedelta(seconds=1))
    await tell(database, "c")

    async with database.reading() as session:
        assert await events.newest(session) == 3


@asynccontextmanager
async def listening(
    http: httpx.AsyncClient, query: str = "", **headers: str
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    async with http.stream("GET", f"/api/v1/events{query}", headers=headers, timeout=10) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield parsed(response)


async def parsed(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Each event with its fields."""
    event: dict[str, Any] = {}
    async for line in response.aiter_lines():
        if not line and event:
            yield event
            event = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(":")
            event[name] = json.loads(value) if name == "data" else value.strip()


@pytest.fixture
def app(database: Database, settings: Settings, clock: SettableClock) -> FastAPI:
    return create_app(settings_on(settings, database), jobs=False, clock=clock)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real server: a stream has no end that a transport in memory could wait for."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    signed = {"Authorization": f"Bearer {await key_of(app, Scope.TASKS_READ)}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=signed, trust_env=False) as client:
        yield client
    app.state.streams.close()
    server.should_exit = True
    await serving


async def test_a_stream_begins_now_and_tells_what_happens(http: httpx.AsyncClient, database: Database) -> None:
    await tell(database, "before")

    async with listening(http) as stream:
        begun = await anext(stream)
        await tell(database, "after")
        event = await anext(stream)

    assert (begun["event"], begun["id"]) == ("connected", "1")
    assert (event["event"], event["id"]) == ("sync.progress", "2")
    assert event["data"] == {"at": "2026-03-02T09:00:00Z", "name": "after"}


async def test_who_comes_back_hears_what_was_missed(http: httpx.AsyncClient, database: Database) -> None:
    await tell(database, "a", "b", "c")

    async with listening(http, **{"Last-Event-ID": "1"}) as stream:
        await anext(stream)
        names = [(await anext(stream))["data"]["name"] for _ in range(2)]

    assert names == ["b", "c"]


async def test_only_what_is_wanted_is_told(http: httpx.AsyncClient, database: Database) -> None:
    await tell(database, "a")
    async with database.writing() as session:
        await events.append(session, "queue.changed", {"name": "b"}, now=START)

    async with listening(http, "?types=queue.changed&after=0") as stream:
        await anext(stream)
        assert (await anext(stream))["data"]["name"] == "b"


@pytest.mark.parametrize("given", ["nonsense", "-1", "9" * 39])
async def test_a_strangers_id_begins_now(http: httpx.AsyncClient, database: Database, given: str) -> None:
    await tell(database, "a")

    async with listening(http, **{"Last-Event-ID": given}) as stream:
        begun = await anext(stream)

    assert begun["id"] == "1"


async def test_who_breaks_off_within_a_batch_misses_nothing(http: httpx.AsyncClient, database: Database) -> None:
    await tell(database, "a", "b", "c")
    async with listening(http, "?after=0") as stream:
        await anext(stream)
        first = await anext(stream)

    async with listening(http, **{"Last-Event-ID": first["id"]}) as stream:
        await anext(stream)
        names = [(await anext(stream))["data"]["name"] for _ in range(2)]

    assert (first["data"]["name"], names) == ("a", ["b", "c"])


async def test_a_gap_is_settled_by_the_readers_own_clock(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "late", "c", at=timedelta(minutes=-5))
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
    reader = events.Reader(events.log_of(database), 0)
    assert await heard(reader, clock) == ["a", "c"]

    async with database.writing() as session:
        session.add(events.Event(id=2, at=START, type="sync.progress", data={"name": "late"}))

    assert await heard(reader, clock) == ["late"]


async def test_many_events_behind_a_gap_hold_nothing_up(database: Database, clock: SettableClock) -> None:
    await tell(database, "a", "rolled back", *(str(n) for n in range(events.MOST_AT_ONCE + 5)))
    async with database.writing() as session:
        await session.execute(delete(events.Event).where(events.Event.id == 2))
    reader = events.Reader(events.log_of(database), 0)
    names = await heard(reader, clock) + await heard(reader, clock)

    await tell(database, "newest")
    clock.advance(minutes=1)

    assert names == ["a", *(str(n) for n in range(events.MOST_AT_ONCE + 5))]
    assert await heard(reader, clock) == ["newest"]
    assert not reader.waits


@pytest.mark.parametrize("given", ["5000", "nonsense"])
async def test_an_id_of_another_database_is_told_to_load_anew(
    http: httpx.AsyncClient, database: Database, given: str
) -> None:
    await tell(database, "a")

    async with listening(http, "?types=sync.progress", **{"Last-Event-ID": given}) as stream:
        begun, reset = await anext(stream), await anext(stream)
        await tell(database, "b")
        event = await anext(stream)

    assert (begun["id"], reset["event"], reset["id"]) == ("1", "reset", "1")
    assert reset["data"]["reason"] == event_stream.RESET
    assert event["data"]["name"] == "b"


async def test_who_was_away_for_too_long_is_told_to_load_anew(http: httpx.AsyncClient, database: Database) -> None:
    await tell(database, "a", "b", "c", "d")
    await forget_before(database, START + timedelta(seconds=1))
    await tell(database, "e")

    assert await first_told(http, "2") == ["reset"]
    assert await first_told(http, "3") == ["sync.progress", "sync.progress"]
    assert await first_told(http, "4") == ["sync.progress"]


async def test_who_heard_the_newest_misses_nothing_however_long_ago_that_was(
    http: httpx.AsyncClient, database: Database
) -> None:
    await tell(database, "a", "b")
    await forget_before(database, START + timedelta(days=1))

    assert await first_told(http, "2") == []
    assert await first_told(http, "1") == ["sync.progress"]


async def forget_before(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await events.forget_old(session, moment)


async def first_told(http: httpx.AsyncClient, resumed: str) -> list[str]:
    """The types of what is told at first to who comes back with an id."""
    types: list[str] = []
    async with listening(http, **{"Last-Event-ID": resumed}) as stream:
        await anext(stream)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                async for event in stream:
                    types.append(event["event"])
    return types


async def test_head_of_a_stream_ends_at_once_and_takes_no_place(http: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.streams = Streams(most=1)

    for _ in range(3):
        answer = await http.head("/api/v1/events", timeout=5)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")


async def test_beyond_the_most_streams_a_server_says_when_to_come_back(http: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.streams = Streams(most=1)
    async with listening(http) as stream:
        await anext(stream)
        refused = await http.get("/api/v1/events")

    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert refused.headers["retry-after"] == "30"

    async with asyncio.timeout(5):
        while (await http.head("/api/v1/events")).status_code == 503:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)


async def test_one_caller_does_not_take_all_the_places(http: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.streams = Streams(most=9, most_of_one=2)
    another = {"Authorization": f"Bearer {await key_of(app, Scope.TASKS_READ)}"}
    async with listening(http) as one, listening(http) as two:
        await anext(one)
        await anext(two)
        refused = await http.get("/api/v1/events")
        async with listening(http, **another) as stream:
            await anext(stream)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert refused.headers["retry-after"] == "30"
    async with asyncio.timeout(5):
        while (await http.head("/api/v1/events")).status_code == 429:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)


def statements(app: FastAPI, wanted: Callable[[str], bool]) -> list[str]:
    """Those that the application's database is given from now on."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if wanted(statement):
            found.append(statement)

    happening.listen(app.state.database.engine.sync_engine, "before_cursor_execute", note)
    return found


async def test_streams_look_together_and_only_while_somebody_listens(
    http: httpx.AsyncClient, database: Database, app: FastAPI
) -> None:
    looks = statements(app, lambda each: "max(events.id)" in each and "min(events.id)" not in each)
    async with AsyncExitStack() as streams:
        heard = [await streams.enter_async_context(listening(http)) for _ in range(10)]
        for stream in heard:
            await anext(stream)
        looks.clear()
        await asyncio.sleep(1)
        assert 1 <= len(looks) <= 5
    await asyncio.sleep(0.6)
    looks.clear()
    await asyncio.sleep(0.5)
    assert looks == []


async def test_streams_that_stand_at_the_same_place_read_together(
    http: httpx.AsyncClient, database: Database, app: FastAPI
) -> None:
    async with AsyncExitStack() as streams, asyncio.timeout(30):
        heard = [await streams.enter_async_context(listening(http)) for _ in range(10)]
        for stream in heard:
            await anext(stream)
        await asyncio.sleep(0.3)
        reads = statements(app, lambda each: "FROM events" in each and "max(events.id)" not in each)
        await tell(app.state.database, "one")
        assert [(await anext(stream))["data"]["name"] for stream in heard] == ["one"] * 10

    assert len(reads) <= 4, "once for all, and again where a slow machine let a tenth of a second pass"


async def test_what_this_process_commits_is_told_at_once(
    http: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_watch, "LOOK_EVERY_S", 60.0)
    async with listening(http) as stream, asyncio.timeout(5):
        await anext(stream)
        await asyncio.sleep(0.1)
        for name in ("one", "another"):
            await tell(app.state.database, name)
            assert (await anext(stream))["data"]["name"] == name


async def test_what_is_rolled_back_is_told_to_nobody(http: httpx.AsyncClient, app: FastAPI) -> None:
    async with listening(http) as stream, asyncio.timeout(5):
        await anext(stream)
        with suppress(ZeroDivisionError):
            async with app.state.database.writing() as session:
                await events.append(session, "sync.progress", {"name": "never"}, now=START)
                raise ZeroDivisionError
        await tell(app.state.database, "kept")
        assert (await anext(stream))["data"]["name"] == "kept"
