"""The short form of `scripts/soak pulls`: processes that pull are killed, and nothing is lost, doubled or late."""

from pathlib import Path

import pytest

from scripts.soaking.disturbing import Mode, Plan
from scripts.soaking.pulls import soak
from scripts.soaking.worlds import Size

SMALL = Size(mails=40, channels=2, messages=20, rows=20, page=4, latency_s=0.1)
PATIENCE_S = 40
"""Where other tests run beside this one, everything takes longer: the long form holds it to ten seconds."""


@pytest.mark.parametrize("mode", ["embedded", "workers"])
def test_whatever_is_killed_the_end_is_as_if_nothing_had_happened(
    mode: Mode, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if mode == "workers":
        request.getfixturevalue("postgres_server")

    plan = Plan(
        mode,
        kills=4,
        seed=3,
        size=SMALL,
        imports_every=2,
        papers=40,
        at_random=0,
        within_s=0.5,
        continued_within_s=PATIENCE_S,
    )

    report = soak(plan, tmp_path)

    assert report["problems"] == []
    assert report["kills"] == 4
    assert report["runs that lost their process"]
