"""The fuzzer of exports runs, and a reader that fails is found. Long runs are for scripts/soak."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import PROJECT_ROOT
from scripts.fuzzing import seeds

needs_fuzzer = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="there is no fuzzer for this platform"
)


@needs_fuzzer
def test_readers_take_what_a_fuzzer_makes_of_sound_exports(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.fuzzing", "--minutes", "0.2", "--keep", str(tmp_path)]

    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)

    report = json.loads(done.stdout)
    assert report["problems"] == [], report
    assert {each["target"] for each in report["targets"]} == set(seeds.SEEDS)
    assert all(each["files"] > 10 and each["edges"] > 500 for each in report["targets"]), report


def test_an_archive_is_taken_apart_as_it_was_written() -> None:
    (slack,) = seeds.of("slack")

    assert {"channels.json", "users.json", "general/2026-03-02.json"} == set(seeds.split(slack))
