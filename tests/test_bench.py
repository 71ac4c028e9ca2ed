"""scripts/bench runs, counts what it measured, and says what it can't measure. How fast anything is, is no test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.clock import utc_now
from app.settings import PROJECT_ROOT
from scripts.benchmarks import chat, figures, mailbox
from scripts.benchmarks.databases import makers
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.pulled import pulled
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.benchmarks", *arguments]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, capture_output=True, text=True, env=environment or None, check=False
    )


def test_a_quick_run_gives_a_table_and_the_same_as_json(tmp_path: Path) -> None:
    result = run("--quick", "--only", "scoring", "--json", str(tmp_path / "bench.json"))

    assert result.returncode == 0, result.stderr
    assert "Scoring, sqlite" in result.stdout
    report = json.loads((tmp_path / "bench.json").read_text())
    told = [figure["what"] for figure in report["figures"]]
    assert "scores with all their lines, tasks" in told
    assert "re-scoring, found and stored, tasks" in told
    assert all(figure["value"] > 0 for figure in report["figures"])


def test_without_postgres_that_is_said_and_skipped(tmp_path: Path) -> None:
    result = run("--quick", "--database", "postgres", "--only", "scoring", TEST_DATABASE_URL="")

    assert result.returncode == 0, result.stderr
    assert "Skipped postgres: TEST_DATABASE_URL is empty." in result.stdout


def test_a_measure_that_is_not_there_is_named() -> None:
    result = run("--only", "luck")

    assert (result.returncode, result.stderr[:26]) == (2, "There is no measure luck; ")


@pytest.mark.parametrize("write", [mailbox.write, chat.write])
def test_the_same_seed_makes_the_same_messages(write: object, tmp_path: Path) -> None:
    assert callable(write)
    sizes = [write(tmp_path / name, 50) for name in ("one", "two")]

    assert sizes[0] == sizes[1] > 0


def test_the_pull_that_is_timed_brings_all_mail_of_the_file_beside_it(tmp_path: Path) -> None:
    mailbox.write(tmp_path / "mail.mbox", 20)
    fake = FakeComposio()
    fake.connect("ca_mail", Mailbox(now=utc_now).from_mbox(tmp_path / "mail.mbox"))

    with makers("sqlite", tmp_path) as made, running(fake) as services:
        run = pulled(made.new(), services, "ca_mail")

    assert (run["state"], run["read"], run["new"]) == ("succeeded", 20, 20)
    assert run["seconds"] > 0
    assert run["peak_mb"] > 10


def test_a_figure_shows_whether_its_aim_was_met() -> None:
    sheet = Sheet("Ingest", "sqlite")
    sheet.add("mail", [480, 520, 530], "/s", aim=Aim("≥", 500))
    sheet.add("page", 12.0, "ms", aim=Aim("≤", 10))

    lines = figures.table(sheet).splitlines()

    assert lines[1] == "  mail    520/s  (480 to 530)  aim ≥ 500/s: met"
    assert lines[2].endswith("aim ≤ 10.0 ms: missed")
