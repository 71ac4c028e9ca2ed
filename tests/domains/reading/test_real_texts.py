"""The scorecards against sentences and titles that people labelled. Only figures are kept here, no data."""

import csv
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.domains.reading import Text, read

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("WATCHFLOOR_DATA") or ROOT / ".." / "shared" / "data")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data at {DATA} (set WATCHFLOOR_DATA)"),
]


def area_under_curve(labelled: Iterable[tuple[bool, int]]) -> float:
    """How often a positive has more points than a negative; equal points count half."""
    pairs = list(labelled)
    yes = [points for label, points in pairs if label]
    no = sorted(points for label, points in pairs if not label)
    wins = sum(bisect_left(no, points) + bisect_right(no, points) for points in yes) / 2
    return wins / (len(yes) * len(no))


def test_requests_rank_above_other_sentences() -> None:
    lines = (DATA / "requests_email_intent" / "Ask0729-fixed.txt").read_text("utf-8", "replace").splitlines()
    rows = [line.partition("\t") for line in lines]

    assert area_under_curve((label == "Yes", read(Text(text=text)).asks) for label, _, text in rows) > 0.86


@pytest.mark.parametrize(
    ("file", "worse", "better", "least"),
    [
        ("priority_gitbugs_hadoop/hadoop_bugs.csv", {"Blocker", "Critical"}, {"Minor", "Trivial"}, 0.74),
        ("priority_gitbugs_seamonkey/SeaMonkey_bugs.csv", {"P1", "P2"}, {"P4", "P5"}, 0.75),
    ],
)
def test_grave_bugs_rank_above_trivial_ones(file: str, worse: set[str], better: set[str], least: float) -> None:
    csv.field_size_limit(10_000_000)
    with (DATA / file).open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Priority"] in worse | better]

    scored = [(row["Priority"] in worse, read(Text(text=row["Summary"])).severity) for row in rows]

    assert area_under_curve(scored) > least
