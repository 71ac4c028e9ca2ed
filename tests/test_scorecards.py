"""scripts/scorecards: figures that rank, points that fit, and a table that a person can review."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import PROJECT_ROOT
from scripts.scoring import building, figures
from scripts.scoring.finding import GROUPS, finder
from scripts.scoring.fitting import fit, rounded
from scripts.scoring.folds import fold_of
from scripts.scoring.labelled import UnreadableError, load

LABELLED = "yes\tThe site is down\nno\tTypo in the title\nmaybe\tneither\nYES\tData loss\nno\tRename the page\n"


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    file = tmp_path / "titles.tsv"
    file.write_text(LABELLED * 6)
    return file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/scorecards", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)


POINTS = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=2, max_size=60).filter(
    lambda pairs: len({label for _, label in pairs}) == 2
)


@given(pairs=POINTS)
def test_the_area_is_the_chance_that_a_yes_stands_above_a_no(pairs: list[tuple[int, bool]]) -> None:
    points, labels = [some for some, _ in pairs], [label for _, label in pairs]
    yes = [some for some, label in pairs if label]
    no = [some for some, label in pairs if not label]
    chance = sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no))

    assert figures.area_under_curve(points, labels) == pytest.approx(chance)
    low, high = figures.interval(points, labels, samples=40)
    assert 0 <= low <= high <= 1


@given(pairs=POINTS)
def test_recall_of_the_top_grows_to_all(pairs: list[tuple[int, bool]]) -> None:
    points, labels = [some for some, _ in pairs], [label for _, label in pairs]
    recalls = [figures.top_recall(points, labels, share / 10) for share in range(1, 11)]

    assert recalls == sorted(recalls)
    assert recalls[-1] == pytest.approx(1)


def test_recall_among_equal_points_is_that_of_a_fair_draw() -> None:
    assert figures.top_recall([50, 10, 10, 10, 10], [True, True, False, False, False], 0.4) == pytest.approx(0.625)


def test_a_row_moves_as_far_as_the_texts_speak_for_it() -> None:
    found = [[0], [0], [0], [1], [1], [2]] * 10
    labels = [True, True, True, False, False, True] * 10
    loose = fit(found, labels, [0, 0, 0, 20], penalty=0.1).points
    firm = fit(found, labels, [0, 0, 0, 20], penalty=100).points

    assert loose[0] > 20
    assert loose[1] < -20
    assert abs(firm[0]) < abs(loose[0])
    assert loose[3] == firm[3] == 20  # no text says anything about it


@given(points=st.floats(-1000, 1000))
def test_points_become_whole_multiples_of_five(points: float) -> None:
    whole = rounded(points)

    assert whole % 5 == 0
    assert abs(whole) <= 55
    assert abs(points) > 55 or abs(points - whole) <= 2.5


def test_a_title_filed_twice_lies_in_one_fold() -> None:
    assert fold_of("Release 3.3.5: notes", 5) == fold_of("release 3.3.6 - Notes", 5)


@pytest.mark.parametrize("card", ["asks", "severity"])
def test_the_groups_are_the_table_in_its_order(card: str) -> None:
    assert [row for rows in GROUPS[card].values() for row in rows] == list(finder(card).card.rows)


def test_measuring_tells_area_recall_and_refits(titles: Path) -> None:
    result = run("measure", "severity", titles, titles, "--group", "site")

    assert result.returncode == 0, result.stderr
    assert "12 yes, 12 no" in result.stdout
    assert "as it stands: area 1.000 (1.000 to 1.000)" in result.stdout
    assert "0.42 in the top 20%" in result.stdout  # 5 of 24 texts, and 12 yes
    assert "on each group left out" in result.stdout
    assert "to titles alone" in result.stdout


def test_rows_are_counted_by_label(titles: Path) -> None:
    result = run("rows", "severity", titles)

    assert "6 yes     0 no  data loss" in result.stdout


def test_building_prints_the_table_for_review(titles: Path, tmp_path: Path) -> None:
    tried = tmp_path / "tried.txt"
    tried.write_text("# phrases to try\nrename the\ttidying\nnever seen here\tnothing\n")
    result = run("build", "severity", titles, "--candidates", tried, "--penalty", "0.1")

    assert result.returncode == 0, result.stderr
    groups = [line.removesuffix(" = (") for line in result.stdout.splitlines() if line.endswith(" = (")]
    rows = [line for line in result.stdout.splitlines() if line.startswith("    Row(")]
    standing = finder("severity").card.rows
    assert groups == [*GROUPS["severity"], "TRIED"]
    assert [line.split('"')[1] for line in rows] == [*(row.phrase for row in standing), "rename the"]
    assert rows[-1].startswith('    Row("rename the", -')
    assert any(line.endswith("# as judged: 0 yes 0 no") for line in rows)
    assert any("# was " in line for line in rows)


def test_columns_and_labels_of_a_csv_file_are_named(tmp_path: Path) -> None:
    file = tmp_path / "bugs.csv"
    file.write_text('Rank,Title\nHigh,"Down, again"\nLow,Typo\nMiddle,Slow\n')

    texts = load(f"{file}?text=Title&label=Rank&yes=High&no=Low")

    assert (texts.texts, texts.labels) == (["Down, again", "Typo"], [True, False])


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("nowhere.tsv", "No such file"),
        ("bugs.csv?text=Title&label=Rank&yes=High", "say no too"),
        ("bugs.csv?text=Name&label=Rank&yes=High&no=Low", "no column Name"),
        ("bugs.csv?text=Title&label=Rank&yes=High&no=None", "needs both labels"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(named: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "bugs.csv").write_text("Rank,Title\nHigh,Down\nLow,Typo\n")

    with pytest.raises(UnreadableError, match=says):
        load(str(tmp_path / named))


def test_a_candidate_says_what_it_means(tmp_path: Path) -> None:
    file = tmp_path / "tried.txt"
    file.write_text("goes dark\n")

    with pytest.raises(UnreadableError, match="line 1"):
        building.candidates(file)


def test_a_missing_file_is_told_in_one_line() -> None:
    result = run("measure", "asks", "nowhere.tsv")

    assert (result.returncode, result.stderr) == (1, "scorecards: nowhere.tsv: No such file or directory\n")
