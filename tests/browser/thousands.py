"""Databases with many tasks, for the server to find."""

import shutil
from pathlib import Path

from sqlalchemy.engine import URL

from app.domains import ranking
from app.domains.tasks.policy import Policy
from app.domains.tasks.us import Us
from scripts.benchmarks import filling
from tests.browser import mailbox


def write(template: Path, file: Path, tasks: int) -> None:
    """So many tasks, three of five of them open, in a copy of a migrated database."""
    shutil.copyfile(template, file)
    judging = Policy(ruleset=ranking.default(), us=Us(addresses=mailbox.OUR_ADDRESSES))
    filling.fill(URL.create("sqlite+aiosqlite", database=str(file)), 1, tasks, judging)
