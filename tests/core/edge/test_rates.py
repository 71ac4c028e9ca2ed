"""Rate limits: per caller and class, told in every answer, shared through Redis, and open where that is away."""

import os
import secrets
import traceback
from collections.abc import MutableMapping
from typing import Any

import pytest
import redis.asyncio
import structlog

from app.core import metrics
from app.core.errors import Malformed
from app.core.rates import Limiter, OwnCounts, Rate, SharedCounts, counted_as
from app.settings import Settings
from app.workflows.rates import class_of, most_from
from tests.conftest import IN_CI
from tests.core.edge.serving import KEY, application, client

NOON = 1_000_000.0
"""In seconds; 20 s before a minute ends."""
FEW = {Rate.READ: 3, Rate.WRITE: 2, Rate.HEAVY: 1, Rate.SIGN_IN: 1, Rate.ANYONE: 2}
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(FEW, class_of, OwnCounts(), clock)


async def test_every_counted_answer_says_what_is_left(limiter: Limiter) -> None:
    async with client(application(limiter=limiter)) as http:
        answers = [await http.get("/thing", headers=KEY) for _ in range(2)]

    assert [each.headers["ratelimit-remaining"] for each in answers] == ["2", "1"]
    assert answers[0].headers["ratelimit-limit"] == "3"
    assert answers[0].headers["ratelimit-reset"] == "20"
    assert answers[0].headers["ratelimit-policy"] == "3;w=60"


async def test_a_person_is_counted_with_all_their_keys(limiter: Limiter) -> None:
    async with client(application(limiter=limiter)) as http:
        left = [
            (await http.get("/thing", headers=KEY | {"X-Key": key, "X-Owner": owner})).headers["ratelimit-remaining"]
            for key, owner in (("1", "7"), ("2", "7"), ("3", "8"), ("4", ""), ("5", ""))
        ]

    assert left == ["2", "1", "2", "2", "2"]


async def test_beyond_it_one_is_told_when_to_go_on_and_then_may(limiter: Limiter, clock: Clock) -> None:
    async with client(application(limiter=limiter)) as http:
        for _ in range(3):
            assert (await http.get("/thing", headers=KEY)).status_code == 200
        refused = await http.get("/thing", headers=KEY)
        clock.now += 20
        again = await http.get("/thing", headers=KEY)

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"] == "20"
    assert refused.headers["ratelimit-remaining"] == "0"
    assert refused.json()["code"] == "too_many"
    assert refused.json()["category"] == "rate_limit"
    assert again.status_code == 200


async def test_classes_and_callers_are_counted_apart(limiter: Limiter) -> None:
    app = application(limiter=limiter)
    async with client(app, "192.0.2.1") as http, client(app, "192.0.2.2") as neighbour:
        for _ in range(2):
            await http.get("/thing")
        assert (await http.get("/thing")).status_code == 429
        assert (await http.get("/thing", headers=KEY)).status_code == 200
        assert (await neighbour.get("/thing")).status_code == 200
        for _ in range(2):
            await http.post("/thing", headers=KEY)
        assert (await http.post("/thing", headers=KEY)).status_code == 429
        assert (await http.get("/thing", headers=KEY)).status_code == 200


async def test_health_is_never_refused_and_says_nothing_of_it(limiter: Limiter) -> None:
    async with client(application(limiter=limiter)) as http:
        answers = [await http.get("/health/live") for _ in range(9)]

    assert {each.status_code for each in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


async def test_what_is_refused_is_counted_by_class(limiter: Limiter) -> None:
    refused = metrics.counter(
        "watchfloor_rate_limited_total", "Requests that were refused because there were too many.", ("rate",)
    )
    before = refused.labels("anyone")._value.get()
    async with client(application(limiter=limiter)) as http:
        for _ in range(5):
            await http.get("/thing")

    assert refused.labels("anyone")._value.get() == before + 3


def test_an_ipv6_subscriber_is_one_whatever_address_they_take() -> None:
    def of(address: str) -> str:
        return counted_as({"client": (address, 1)})

    assert of("2606:2800::1") == of("2606:2800::ffff:1") != of("2606:2800:0:1::1")
    assert of("::ffff:192.0.2.1") == of("192.0.2.1")
    assert of("/run/socket") == of("elsewhere")


@pytest.mark.parametrize(
    ("method", "path", "known", "rate"),
    [
        ("GET", "/api/v1/tasks", True, Rate.READ),
        ("HEAD", "/api/v1/tasks", True, Rate.READ),
        ("POST", "/api/v1/tasks", True, Rate.WRITE),
        ("DELETE", "/api/v1/tasks/7", True, Rate.WRITE),
        ("POST", "/api/v1/integrations/import", True, Rate.HEAVY),
        ("POST", "/api/v1/integrations/import/preview", True, Rate.HEAVY),
        ("POST", "/api/v1/rulesets/preview", True, Rate.HEAVY),
        ("POST", "/api/v1/users", True, Rate.HEAVY),
        ("POST", "/api/v1/users/7/password", True, Rate.HEAVY),
        ("POST", "/api/v1/users/7/password-link", True, Rate.WRITE),
        ("POST", "/api/v1/auth/login", False, Rate.SIGN_IN),
        ("POST", "/api/v1/auth/login", True, Rate.SIGN_IN),
        ("POST", "/api/v1/auth/link", False, Rate.SIGN_IN),
        ("POST", "/api/v1/auth/token", False, Rate.SIGN_IN),
        ("POST", "/api/v1/auth/password/reset", False, Rate.SIGN_IN),
        ("GET", "/api/v1/auth/me", True, Rate.READ),
        ("GET", "/", False, Rate.ANYONE),
        ("GET", "/nothing", False, Rate.ANYONE),
        ("GET", "/health", False, None),
        ("GET", "/health/ready", True, None),
    ],
)
def test_the_class_of_a_request(method: str, path: str, known: bool, rate: Rate | None) -> None:
    assert class_of(method, path, known) == rate


def test_settings_say_how_many(settings: Settings) -> None:
    assert most_from(settings)[Rate.SIGN_IN] == 30
    assert set(most_from(settings)) == set(Rate)


@pytest.fixture
async def store() -> str:
    """A real Redis; what is counted there is forgotten by itself after a minute."""
    if not REDIS:
        pytest.skip("no Redis: TEST_REDIS_URL is empty")
    asked = redis.asyncio.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        await asked.get("watchfloor")
    except (redis.RedisError, OSError):
        reason = "no Redis: none answers at TEST_REDIS_URL, or at 127.0.0.1:6379"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    finally:
        await asked.aclose()
    return REDIS


async def test_processes_count_together_through_redis(store: str) -> None:
    name = secrets.token_hex(8)
    first, second = SharedCounts(store), SharedCounts(store)

    counts = [await each.up(name, 1) for each in (first, second, first, second)]
    later = await first.up(name, 2)
    await first.close()
    await second.close()

    assert counts == [1, 2, 3, 4]
    assert later == 1


async def test_what_is_counted_there_is_forgotten_by_itself(store: str) -> None:
    name = secrets.token_hex(8)
    counts = SharedCounts(store)
    await counts.up(name, 1)
    await counts.close()

    asked = redis.asyncio.Redis.from_url(store)
    [key] = [each async for each in asked.scan_iter(f"*{name}*")]
    left = await asked.ttl(key)
    await asked.aclose()

    assert 0 < left <= 60


async def test_while_the_store_is_away_each_counts_for_itself_and_says_so_once(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.rates._AWAY_S", 0.0)
    logged: list[MutableMapping[str, Any]]
    counts = SharedCounts("redis://user:canary@127.0.0.1:1/0")
    with structlog.testing.capture_logs() as logged:
        async with client(application(limiter=Limiter(FEW, class_of, counts, clock))) as http:
            answers = [await http.get("/thing") for _ in range(3)]
    await counts.close()

    assert [each.status_code for each in answers] == [200, 200, 429]
    told = [each for each in logged if "rate limits" in each["event"]]
    assert len(told) == 1
    assert "canary" not in str(told)


async def test_when_it_is_back_they_count_together_again(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts, name = SharedCounts(store), secrets.token_hex(8)
    counts._away = True
    with structlog.testing.capture_logs() as logged:
        assert await counts.up(name, 1) == 1
    await counts.close()

    assert [each["event"] for each in logged] == ["the store of rate limits is back"]


@pytest.mark.parametrize(
    "address", ["redis://:canary@h:abc/0", "redis://:canary@h/0?socket_timeout=x", "redis://:canary@h/0?no=1"]
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(Malformed) as refused:
        SharedCounts(address)

    assert "canary" not in "".join(traceback.format_exception(refused.value))
