"""The short version of scripts/soak: memory does not grow with the mailbox."""

import json
import subprocess
import sys
from typing import Any

from app.settings import PROJECT_ROOT


def soak(megabytes: int) -> dict[str, Any]:
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "soak"), "--size", str(megabytes), "--once"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    report: dict[str, Any] = json.loads(said.stdout)
    assert report["problems"] == []
    assert said.returncode == 0
    return report


def test_a_mailbox_four_times_as_large_needs_no_more_memory() -> None:
    small, large = soak(10), soak(40)

    assert large["peak_mb"] - small["peak_mb"] < 25
