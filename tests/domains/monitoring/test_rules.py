"""The rule of levels, line by line as docs/health.md states it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domains.monitoring.levels import Level
from app.domains.monitoring.outside import Failed, Service, from_json, merged, to_json
from app.domains.monitoring.rules import Part, View, parts, whole
from app.domains.monitoring.sources import Source
from app.settings import PROJECT_ROOT
from tests.conftest import START

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GMAIL = Source(
    id=1,
    name="support mail",
    kind="gmail",
    live=True,
    service="composio:gmail",
    heard_at=START - MINUTE,
    poll_every=2 * MINUTE,
)
SLACK = replace(GMAIL, id=2, name="Slack", kind="slack", service="composio:slack")
FILES = Source(id=3, name="archive", kind="mbox", heard_at=START - 900 * HOUR)


def failing(source: Source = GMAIL, state: str = "failing", cause: str = "outage", **more: Any) -> Source:
    given: dict[str, Any] = {
        "failed_at": START - MINUTE,
        "first_failed_at": START - 30 * MINUTE,
        "detail": "It said no.",
    } | more
    return replace(source, state=state, cause=cause, **given)


def service(
    name: str = "gmail",
    state: Any = "closed",
    *,
    succeeded: float | None = 60,
    failed: float | None = None,
    code: str = "unreachable",
    of_gateway: bool = True,
    silent: bool = False,
) -> Service:
    """`succeeded` and `failed` are seconds ago."""
    error = failed is not None and Failed(START - timedelta(seconds=failed), code, of_gateway, silent)
    at = None if succeeded is None else START - timedelta(seconds=succeeded)
    return Service(f"composio:{name}", name.title(), state, 3, failed=error or None, succeeded_at=at)


def away(name: str = "gmail", **more: Any) -> Service:
    given: dict[str, Any] = {"state": "open", "failed": 10}
    return service(name, **(given | more))


def seen(*sources: Source, services: tuple[Service, ...] = (), **more: Any) -> View:
    return View(now=START, sources=sources, services={each.key: each for each in services}, **more)


OLD_PULL = {"pulls": START - 11 * MINUTE}
SILENT = (away(silent=True), away("slack", silent=True))

Case = tuple[str, View]
"""The name of a part, or «overall», and how everything stands."""

INTEGRATIONS: dict[str, Source] = {
    "a person paused it": failing(replace(GMAIL, paused=True)),
    "it holds the sample data": replace(FILES, sample=True),
    "files alone are imported into it, and the last import went well, however long ago, or there was none": FILES,
    "files alone are imported into it, and the last import failed after one that went well": failing(FILES),
    "files alone are imported into it, and none has gone well yet": failing(replace(FILES, heard_at=None)),
    "it was not pulled yet, and nothing failed": replace(GMAIL, state="new", heard_at=None),
    "its pulls have failed from the first": failing(replace(GMAIL, heard_at=None), "retrying"),
    "access is gone: `needs_reconnect`": failing(GMAIL, "needs_reconnect", "access"),
    "it is `failing`: five failures in a row, or an hour of them": failing(),
    "it has been `rate_limited` for an hour": failing(
        GMAIL, "rate_limited", "throttled", first_failed_at=START - HOUR, heard_at=START - HOUR
    ),
    "it is `retrying` or `rate_limited`, and what is known of it is fresh": failing(
        replace(GMAIL, heard_at=START - 10 * MINUTE), "retrying"
    ),
    "it is `retrying` or `rate_limited`, and what is known of it is no longer fresh": failing(
        replace(GMAIL, heard_at=START - 11 * MINUTE), "rate_limited", "throttled"
    ),
    "its last pull went well, and what is known of it is fresh": replace(
        GMAIL, poll_every=HOUR, heard_at=START - 3 * HOUR
    ),
    "its last pull went well, and what is known of it is no longer fresh": replace(
        GMAIL, poll_every=None, heard_at=START - 25 * HOUR
    ),
}
PARTS: dict[str, Case] = {
    "of several services that were called nothing at all is heard, not even a refusal: "
    "no name, no way, no answer to the first word": ("network", seen(GMAIL, SLACK, services=SILENT)),
    "any of them was reached since, refuses the connection, or answers with an error": (
        "network",
        seen(GMAIL, SLACK, services=(SILENT[0], away("slack", silent=False))),
    ),
    "the network is away": ("gateway", seen(GMAIL, services=SILENT)),
    "no process that runs jobs has a COMPOSIO_API_KEY": ("gateway", seen(GMAIL, pulls=False)),
    "it refuses the key, and nothing behind it has succeeded since": (
        "gateway",
        seen(GMAIL, services=(service(failed=10, code="unauthorised"),)),
    ),
    "it is what fails (no connection, 5xx, time-outs) where a breaker is not closed, "
    "and nothing behind it was reached since that opened": (
        "gateway",
        seen(GMAIL, SLACK, services=(away(), service("slack", succeeded=11))),
    ),
    "all of several services behind it that were called lately have a breaker that is not closed": (
        "gateway",
        seen(GMAIL, SLACK, services=(away(of_gateway=False), away("slack", of_gateway=False))),
    ),
    "one service behind it fails by itself": (
        "gateway",
        seen(GMAIL, SLACK, services=(away(of_gateway=False), service("slack"))),
    ),
    "tools that its integrations call are gone or renamed": (
        "gateway",
        seen(GMAIL, services=(service(),), tool_troubles=["SLACK_FIND is gone."]),
    ),
    "a breaker is half open, after it was the gateway that failed": (
        "gateway",
        seen(GMAIL, services=(away(state="half_open", succeeded=1),)),
    ),
    "it was told to be away, nothing has answered since, and an integration that failed over it waits: "
    "also after a restart": ("gateway", seen(failing(), away_since=START - MINUTE)),
    "a breaker is half open, and what it let through went well, ten seconds ago": (
        "gateway",
        seen(GMAIL, services=(away(state="half_open", succeeded=10, failed=40),)),
    ),
    "its breakers are closed": ("gateway", seen(GMAIL, services=(service(failed=90),))),
    "a breaker is open that nobody has tried for a quarter of an hour": (
        "gateway",
        seen(GMAIL, services=(away(failed=901, succeeded=1000),)),
    ),
    "a process that runs jobs lives, and nothing that is due has waited for more than ten minutes": (
        "jobs",
        seen(GMAIL, due_since={"imports": START - 10 * MINUTE}),
    ),
    "something that is due has waited for longer, while a process that runs jobs lived": (
        "jobs",
        seen(GMAIL, due_since=OLD_PULL),
    ),
    "only pulls or writes have waited for longer, and the gateway is away": (
        "jobs",
        seen(GMAIL, services=(away(),), due_since=OLD_PULL),
    ),
    "no process that runs jobs lives, and nothing is due": ("jobs", seen(GMAIL, works=False, pulls=False)),
    "no process that runs jobs lives, and something is due": (
        "jobs",
        seen(GMAIL, works=False, pulls=False, due_since={"scores": START}),
    ),
    "it answers": ("database", seen()),
    "the network is away, and an integration is to be pulled": ("overall", seen(GMAIL, services=SILENT)),
    "the gateway is OFFLINE, and an integration is to be pulled through it": (
        "overall",
        seen(GMAIL, SLACK, services=(away(), service("slack", succeeded=100))),
    ),
    "no process runs jobs, and something is due": (
        "overall",
        seen(GMAIL, works=False, pulls=False, due_since={"pulls": START}),
    ),
    "every integration that is to be pulled is OFFLINE": (
        "overall",
        seen(failing(cause="unreadable"), failing(SLACK, "needs_reconnect", "access"), FILES),
    ),
    "any part is DEGRADED or OFFLINE": ("overall", seen(failing(cause="refused"), SLACK)),
    "every part is NORMAL": ("overall", seen(GMAIL, SLACK, FILES, replace(GMAIL, id=4, state="new", heard_at=None))),
}
NOT_BY_VALUES = {
    "it does not answer, is not ours, or takes longer than three seconds",
    "the database is away",
}
"""They need a database that fails: tests/api/test_health.py."""


def stated() -> list[tuple[str, str]]:
    """Each line of the tables of docs/health.md that has a level."""
    text = (PROJECT_ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (.+?) \| (NORMAL|DEGRADED|CRITICAL|OFFLINE) \|$", text, re.MULTILINE)


def level_of(name: str, view: View) -> Level:
    found = parts(view)
    if name == "overall":
        return whole(view, found).level
    return next(part.level for part in found if part.name == name)


@pytest.mark.parametrize(("when", "level"), [each for each in stated() if each[0] not in NOT_BY_VALUES])
def test_the_rule_is_as_it_is_written(when: str, level: str) -> None:
    name, view = PARTS.get(when) or (f"integration {INTEGRATIONS[when].id}", seen(INTEGRATIONS[when]))

    assert level_of(name, view) == level


def test_every_case_is_written_down() -> None:
    assert {when for when, _ in stated()} == {*PARTS, *INTEGRATIONS, *NOT_BY_VALUES}


def part_of(view: View, name: str) -> Part:
    return next(part for part in parts(view) if part.name == name)


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (seen(failing(), failing(SLACK), services=SILENT), "Nothing outside can be reached from here: look at this"),
        (seen(failing(), failing(SLACK), services=(away(), away("slack"))), "Composio does not answer. It is tried"),
        (seen(GMAIL, services=(service(failed=1, code="unauthorised"),)), "Composio refuses the API key: set COMPOSIO"),
        (seen(failing(), SLACK, services=(away(of_gateway=False), service("slack"))), "Gmail does not answer."),
        (seen(failing(cause="refused"), SLACK), "support mail can't be trusted now. Not heard since 2026-03-02 08:59"),
        (
            seen(*(failing(replace(GMAIL, id=n, name=f"box {n}"), cause="refused") for n in range(5)), SLACK),
            "5 integrations can't be trusted now: box 0, box 1, box 2 and 2 more. box 0: Not heard since",
        ),
        (seen(GMAIL, due_since={"imports": START - HOUR}), "The imports that are due have waited for more than 10"),
        (seen(works=False), "No process runs jobs: start `watchfloor serve`"),
    ],
)
def test_the_one_reason_names_the_cause(view: View, reason: str) -> None:
    assert whole(view, parts(view)).reason.startswith(reason)


def test_what_fails_because_of_something_else_is_folded_under_it() -> None:
    found = parts(seen(failing(), failing(SLACK, "needs_reconnect", "access"), services=(away(),)))

    folded = {part.title: (part.folded, part.reason) for part in found if part.name.startswith("integration")}
    assert folded["support mail"] == ("gateway", "Not heard since 2026-03-02 08:59 UTC: it waits for Composio.")
    assert folded["Slack"] == ("", "Not heard since 2026-03-02 08:59 UTC: It said no.")


def test_accounts_that_a_refused_key_cost_are_folded_under_the_key() -> None:
    refused = service(failed=1, code="unauthorised")

    assert part_of(seen(failing(GMAIL, "needs_reconnect", "access"), services=(refused,)), "integration 1").folded


def test_a_key_that_was_refused_once_is_good_where_another_service_succeeds_since() -> None:
    refused = service("slack", succeeded=None, failed=7200, code="unauthorised")

    assert level_of("gateway", seen(GMAIL, SLACK, services=(refused, service("gmail", succeeded=7201)))) == "OFFLINE"
    assert level_of("gateway", seen(GMAIL, SLACK, services=(refused, service("gmail", succeeded=60)))) == "NORMAL"


def test_an_integration_whose_service_is_back_is_expected_back() -> None:
    back = seen(failing(), SLACK, services=(service(succeeded=1, failed=70),))
    wrong_settings = seen(failing(cause="refused"), SLACK, services=(service(succeeded=1),))

    assert whole(back, parts(back)).returning
    assert whole(back, parts(back)).reason.startswith("support mail can't be trusted now. Not heard since")
    assert not whole(wrong_settings, parts(wrong_settings)).returning


def test_what_a_clock_wrote_before_it_was_set_back_says_nothing_of_now() -> None:
    ahead = START + 2 * HOUR
    assert not away(failed=-7200).is_away(START)
    assert not part_of(seen(failing(), SLACK, gateway_back_at=ahead), "integration 1").returning
    assert level_of("gateway", seen(failing(), away_since=ahead)) == "NORMAL"


def test_that_the_gateway_answers_again_is_said_where_it_was_told_to_be_away() -> None:
    back = seen(failing(), SLACK, services=(service(succeeded=1, failed=70),), taken={"integration 1"})

    assert whole(back, parts(back)).reason == "Composio answers again; integrations still to be pulled: 1 of 2."


def test_a_gateway_that_says_that_its_service_fails_has_answered() -> None:
    told_away = seen(failing(), away_since=START - MINUTE)
    silent = away(succeeded=90, code="upstream_timeout", of_gateway=False)
    still = replace(told_away, services={"composio:gmail": silent})
    answered = replace(told_away, services={"composio:gmail": away(succeeded=90, of_gateway=False)})

    assert level_of("gateway", told_away) == level_of("gateway", still) == "OFFLINE"
    assert level_of("gateway", answered) == "NORMAL"


def test_what_waited_while_nobody_worked_does_not_ask_for_more_workers() -> None:
    started = seen(replace(GMAIL, heard_at=START - 9 * HOUR), SLACK, due_since=OLD_PULL, works_since=START - 2 * MINUTE)

    assert level_of("jobs", started) == "NORMAL"
    assert whole(started, parts(started)).reason == "Jobs were started; integrations still to be pulled: 1 of 2."
    assert level_of("jobs", replace(started, works_since=START - 11 * MINUTE)) == "DEGRADED"


def test_reasons_stay_the_same_while_nothing_changes() -> None:
    """Else each look would have something to write."""
    later: Callable[[View], View] = lambda view: replace(view, now=view.now + timedelta(seconds=45))  # noqa: E731
    for _, view in PARTS.values():
        before = {part.name: (part.level, part.reason) for part in parts(view)}
        if {part.name: part.level for part in parts(later(view))} == {name: each[0] for name, each in before.items()}:
            assert {part.name: (part.level, part.reason) for part in parts(later(view))} == before


def test_of_a_service_the_worst_that_any_process_sees_counts() -> None:
    told = merged([service(failed=None), away(succeeded=100)])["composio:gmail"]

    assert (told.state, told.failures) == ("open", 3)
    assert told.succeeded_at == START - timedelta(seconds=60)


def test_what_another_process_has_reached_since_is_not_away() -> None:
    """A process that calls nobody any more keeps its breaker open for ever."""
    told = merged([away(failed=30), service(succeeded=5)])["composio:gmail"]

    assert (told.state, told.is_away(START)) == ("closed", False)


def test_a_process_tells_others_all_that_counts() -> None:
    for each in (
        away(silent=True),
        replace(away(), down_since=START),
        service(),
        Service("composio:x", "X", "open", retry_at=START),
    ):
        assert from_json(to_json(each)) == each
