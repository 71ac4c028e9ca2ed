"""The published cases of Resilience4j's breaker, each played on ours.

Theirs judges by the rate of failures in a window of calls, ours by failures in a row. So some cases end otherwise, on
purpose; those stand in DIFFERENT with the reason and what ours does, and every other one must end as published.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.guard import Breaker
from tests.core.guard.play import Time, half_open, play

pytestmark = pytest.mark.real_data

_AS_OURS = {"SF": "F", "SS": "S", "!reset": "!closed", "!forced_open": "!open"}
"""A slow answer is an answer; what is too slow is the deadline's matter, and comes as a failure."""
_UNKNOWN = {"!half", "!disabled", "!metrics_only"}
"""States that ours can't be put into; the step is left out."""

_ROW = "Three failures in a row open it; no window has to fill first."
_PROBE = "One failed probe opens it again; no rate is taken of several."
_CLOSES = "Two probes that succeed close it; no fixed number has to be made."
_SLOW = "It does not judge slowness: a call past its deadline is a failure, any other is not."

DIFFERENT: dict[str, tuple[str, dict[str, Any]]] = {
    "opens when the failure rate reaches the threshold with a full window": (
        _ROW,
        {"state_after_each": ["CLOSED", "CLOSED", "OPEN", "OPEN", "OPEN"]},
    ),
    "next permission refused when open": (
        f"{_ROW} So the two successes are refused too.",
        {"permission_last": False, "not_permitted_count": 3},
    ),
    "opens on slow-call rate": (_SLOW, {"state_after_each": ["CLOSED"] * 5}),
    "half-open back to open on slow rate": (_SLOW, {"state_end": "CLOSED"}),
    "half-open to closed below the threshold": (_PROBE, {"state_end": "OPEN"}),
    "ignored errors free the half-open permission and are not counted": (
        _CLOSES,
        {"state_after_each": ["HALF_OPEN"] * 5 + ["CLOSED"] * 3},
    ),
    "forced open never half-opens by time": (
        "Opened by hand it rests as after failures: a service nobody remembers to close would stay shut for ever.",
        {"permissions": [False, True], "state_end": "HALF_OPEN"},
    ),
    "disabled permits all and records nothing": (
        "It can't be disabled; a high limit of failures does that.",
        {"state_end": "OPEN"},
    ),
    "metrics-only records and signals the exceeded rate once but never opens": (
        "There is no such state; three failures open it.",
        {"state_end": "OPEN"},
    ),
    "closed to closed is refused": (
        "Closing what is closed forgets its failures; that can be wanted, and is no error.",
        {"error": None, "state_end": "CLOSED"},
    ),
    "with exponential back-off 5 s x1.5 the second open period is 7.5 s": (
        "The rest is always the same: recovery within 35 s of a service's return is promised.",
        {"permissions": [True, True, True]},
    ),
}


@pytest.fixture(scope="module")
def published(data_folder: Path) -> dict[str, Any]:
    path = data_folder / "resilience_facts" / "circuit_breaker_resilience4j.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the real data sets")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def outcome(case: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    """What ours does, under the names of the published facts."""
    time, rest_s = Time(), limits["wait_open_s"]
    breaker = Breaker("Slack", rest_s=rest_s, probes=limits["permitted_calls_in_half_open"], clock=time)
    if case["start"] == "OPEN":
        breaker.open()
    elif case["start"] == "HALF_OPEN":
        half_open(breaker, time, rest_s)
    steps = [_AS_OURS.get(step, step) for step in case["ops"]]
    unknown = _UNKNOWN.intersection(steps)
    played = play(breaker, time, [step for step in steps if step not in _UNKNOWN])
    return {
        "permissions": played.permissions,
        "permission_last": played.permissions[-1] if played.permissions else None,
        "not_permitted_count": played.refused,
        "state_after_each": [state.name for state in played.states],
        "state_end": breaker.state.name,
        "error": "illegal transition" if unknown == {"!half"} else None,  # there is no way to ask for it
    }


def test_each_published_case_ends_as_published_or_differs_as_stated(published: dict[str, Any]) -> None:
    for case in published["cases"]:
        got = outcome(case, published["config_for_cases"])
        theirs = {name: case[name] for name in got if name in case}
        _, ours = DIFFERENT.get(case["name"], ("", theirs))
        assert {name: got[name] for name in ours} == ours, case["name"]


def test_what_is_said_to_differ_differs(published: dict[str, Any]) -> None:
    cases = {case["name"]: case for case in published["cases"]}
    for name, (_, ours) in DIFFERENT.items():
        assert {fact: cases[name].get(fact) for fact in ours} != ours, name
