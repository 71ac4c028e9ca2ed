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


def test_a_mailbox_eight_times_as_large_needs_no_more_memory() -> None:
    small, large = soak(6), soak(48)

    # Held in memory, 42 MB more of mail take more than that; what the allocator keeps varies by up to 26 MB.
    assert large["peak_mb"] - small["peak_mb"] < 36
