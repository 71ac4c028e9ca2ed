"""The real Taskwarrior, where it is installed: tasks in, its own urgency and order out, at a moment of our choice.

Each has its own folder and .taskrc, so that nobody's tasks are touched. The clock is set with faketime; tests that need
the two programs skip where one of them is missing.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("task", "faketime")

needs_taskwarrior = pytest.mark.skipif(
    not all(shutil.which(program) for program in PROGRAMS), reason="task and faketime are not both installed here"
)

Attributes = dict[str, Any]

_OWN = """
data.location={data}
confirmation=off
recurrence=off
gc=off
hooks=off
verbose=nothing
json.array=on
uda.priority.values=C,H,M,L,
uda.estimate.type=numeric
uda.team.type=string
uda.spent.type=duration
uda.review.type=date
"""


class Taskwarrior:
    """One data folder with the tasks that were imported into it, and its clock."""

    def __init__(self, folder: Path, now: datetime, settings: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._now = f"{now:%Y-%m-%d %H:%M:%S}"
        self.taskrc = folder / "taskrc"
        self.taskrc.write_text(_OWN.format(data=folder / "data") + settings)

    def take(self, tasks: Sequence[Attributes]) -> None:
        self._run("import", "-", given=json.dumps(tasks))

    def export(self) -> str:
        """As `task export` prints it, urgency included."""
        return self._run("export")

    def exported(self) -> list[Attributes]:
        found: list[Attributes] = json.loads(self.export())
        return found

    def urgencies(self) -> dict[str, float]:
        """What it prints for each pending task, by its id."""
        return {task["uuid"]: task["urgency"] for task in self.exported() if task["status"] in ("pending", "waiting")}

    def next(self) -> list[str]:
        """The ids of what `task next` lists, in its order and with its filter, however long the page."""
        columns = ("rc.report.next.columns=uuid", "rc.report.next.labels=uuid", "rc.report.next.context=0")
        return self._run(*columns, "limit:none", "next").split()

    def _run(self, *arguments: str, given: str = "") -> str:
        command = ["faketime", "-f", self._now, "task", f"rc:{self.taskrc}", *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "TZ": "UTC", "LANG": "C.UTF-8"}
        done = subprocess.run(command, input=given, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr or done.stdout
        return done.stdout
