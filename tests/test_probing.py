"""What the description of the API allows and forbids, sent as every role: a short form of `scripts/soak api`."""

import json
import subprocess
import sys

from app.settings import PROJECT_ROOT


def test_no_role_brings_about_a_failure_of_ours_or_an_answer_that_is_not_described() -> None:
    command = [sys.executable, "-m", "scripts.probing", "--cases", "800"]

    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)

    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert report["problems"] == []
    assert set(report["by_role"]) == {"nobody", "viewer", "operator", "admin"}
    assert report["cases"] >= 800
    assert "200" in report["by_status"]
