"""`watchfloor sample`: loading and clearing the sample data, and that `top` says what it shows."""

import json
from pathlib import Path
from secrets import token_hex

import pytest

from tests.cli.conftest import Watchfloor


@pytest.fixture(autouse=True)
def _uploads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.composition.UPLOADS", tmp_path / "uploads")


def test_it_is_loaded_shown_as_such_and_cleared(watchfloor: Watchfloor) -> None:
    loaded = watchfloor("sample", "load")
    assert loaded.exit_code == 0, loaded.output
    assert "an invented company" in loaded.output
    assert "Sample data: an invented company. Clear it:" in watchfloor("top").output

    cleared = watchfloor("sample", "clear")

    assert cleared.exit_code == 0, cleared.output
    assert "The sample data is gone." in cleared.output
    assert "The queue is empty" in watchfloor("top").output


def test_it_is_not_loaded_twice(watchfloor: Watchfloor) -> None:
    watchfloor("sample", "load")

    again = watchfloor("sample", "load")

    assert again.exit_code == 1
    assert "The sample data is here already. Clear it first." in again.output


def test_production_refuses_it(watchfloor: Watchfloor, tmp_path: Path) -> None:
    production = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": token_hex(32),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}",
    }

    refused = watchfloor("sample", "load", **production)

    assert refused.exit_code == 1
    assert "Sample data is for development: this is production." in refused.output


def test_clearing_what_is_not_there_is_no_failure_and_says_so(watchfloor: Watchfloor) -> None:
    said = watchfloor("sample", "clear")

    assert (said.exit_code, said.output) == (0, "There is no sample data.\n")


def test_programs_get_what_was_done_as_json(watchfloor: Watchfloor) -> None:
    runs = json.loads(watchfloor("sample", "load", "--json").stdout)["runs"]

    assert {run["state"] for run in runs} == {"succeeded"}
    assert sum(run["tasks"]["new"] for run in runs) > 0
    assert json.loads(watchfloor("sample", "clear", "--json").stdout) == {"cleared": True}
    assert json.loads(watchfloor("sample", "clear", "--json").stdout) == {"cleared": False}
