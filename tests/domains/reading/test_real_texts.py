"""The scorecards against sentences and titles that people labelled. Only figures are kept here, no data.

How the figures came about: docs/facts-from-text.md. The floors stand a little below what was measured.
"""

import json
import os
import re
from pathlib import Path

import pytest

from app.domains.reading import Text, read
from scripts.scoring.figures import area_under_curve
from scripts.scoring.finding import finder
from scripts.scoring.folds import across, fold_of, left_out, of_groups
from scripts.scoring.labelled import Labelled, load

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("WATCHFLOOR_DATA") or ROOT / ".." / "shared" / "data")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data at {DATA} (set WATCHFLOOR_DATA)"),
]

SENTENCES = "requests_email_intent/Ask0729-fixed.txt"
SERVER = "priority_gitbugs_hadoop/hadoop_bugs.csv?text=Summary&label=Priority&yes=Blocker,Critical&no=Minor,Trivial"
BROWSER = "priority_gitbugs_seamonkey/SeaMonkey_bugs.csv?text=Summary&label=Priority&yes=P1,P2,P3&no=P4,P5"
BROWSER_GRAVEST = BROWSER.replace(",P3", "")
GROUPS = [
    re.compile(words, re.IGNORECASE)
    for words in ("s3|aws", "abfs|azure|wasb|adl", "build|docker|jenkins|yetus|maven|upgrade|update|bump", "test")
]
"""Of the server's titles; what none of them is found in is the last group."""
NEARLY_HELD = 5.0
"""The penalty at which `scripts/scorecards` refits unless told otherwise."""


def labelled(named: str) -> Labelled:
    return load(f"{DATA}/{named}")


def judged(card: str, start: int | None = None) -> list[int]:
    """The points that stand in the table, or `start` for each row."""
    return [row.points if start is None else start for row in finder(card).card.rows]


def read_points(card: str, texts: list[str]) -> list[int]:
    """As `watchfloor facts` tells them."""
    return [getattr(read(Text(text=text)), card) for text in texts]


@pytest.mark.parametrize(
    ("card", "named", "least"),
    [
        ("asks", SENTENCES, 0.90),
        ("severity", SERVER, 0.79),
        ("severity", BROWSER, 0.88),
        ("severity", BROWSER_GRAVEST, 0.89),
    ],
)
def test_what_people_called_a_request_or_grave_ranks_above_the_rest(card: str, named: str, least: float) -> None:
    texts = labelled(named)

    assert area_under_curve(read_points(card, texts.texts), texts.labels) > least


@pytest.mark.parametrize(
    ("card", "named", "start", "least"),
    [
        ("asks", SENTENCES, None, 0.90),
        ("asks", SENTENCES, 0, 0.87),
        ("severity", SERVER, None, 0.78),
        ("severity", SERVER, 0, 0.76),
        ("severity", BROWSER, 0, 0.88),
    ],
)
def test_points_fitted_to_the_other_folds_rank_nearly_as_well(
    card: str, named: str, start: int | None, least: float
) -> None:
    texts = labelled(named)
    fold = [fold_of(text, 5) for text in texts.texts]

    assert left_out(finder(card), texts, judged(card, start), fold, penalty=NEARLY_HELD) > least


@pytest.mark.parametrize(
    ("fitted_to", "named", "least"), [(BROWSER, SERVER, 0.79), (SERVER, BROWSER, 0.87), (SERVER, BROWSER_GRAVEST, 0.89)]
)
def test_points_fitted_to_one_tracker_rank_the_titles_of_another(fitted_to: str, named: str, least: float) -> None:
    others, texts = [labelled(fitted_to)], labelled(named)

    assert across(finder("severity"), others, texts, judged("severity"), penalty=NEARLY_HELD) > least


def test_points_fitted_to_other_parts_of_a_product_rank_the_titles_of_one() -> None:
    texts = labelled(SERVER)
    fold = of_groups(texts.texts, GROUPS)

    assert left_out(finder("severity"), texts, judged("severity"), fold, penalty=NEARLY_HELD) > 0.78


def test_reports_of_incidents_rank_above_ordinary_sentences() -> None:
    told: list[str] = []
    for name in ("status_current_v2.json", "status_history_v2.json"):
        incidents = json.loads((DATA / "slack_status_incidents" / name).read_text("utf-8"))
        listed = incidents if isinstance(incidents, list) else incidents["active_incidents"]
        told += [incident["title"] for incident in listed]
    titles, sentences = sorted(set(told)), labelled(SENTENCES).texts
    of_titles, of_sentences = read_points("severity", titles), read_points("severity", sentences)
    labels = [True] * len(titles) + [False] * len(sentences)

    assert area_under_curve(of_titles + of_sentences, labels) > 0.9
    assert sum(points >= 40 for points in of_titles) > 0.4 * len(titles)
    assert sum(points >= 40 for points in of_sentences) < 0.015 * len(sentences)
