"""What one small office exports: a table of tasks and a Slack workspace, beside the mailbox."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.integrations.slack import build as slack

INVOICE = "Invoice 2291"
"""A letter of the mailbox is called so too."""
PLAIN = "The new coffee machine in the kitchen is great"
ASKING = "Could you please send me the signed offer by Thursday?"

COLUMNS = ("Task", "State", "Deadline", "Owner", "Cost", "Opened")


def table(path: Path, now: datetime, *, due: tuple[str, str] = ("2030-03-01", "2030-03-02")) -> Path:
    """Two rows; the first has the title of a letter."""
    opened = f"{now - timedelta(days=2):%Y-%m-%d}"
    rows = [
        (INVOICE, "Doing", due[0], "Ana Ruiz", "80 EUR", opened),
        ("Order paper", "To do", due[1], "Ben Bold", "12 EUR", opened),
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def workspace(folder: Path, now: datetime) -> Path:
    """A channel with a line that asks for nothing and one that asks; one member writes mail under the same name."""
    asked_at = f"{(now - timedelta(hours=3)).timestamp():.0f}.000100"
    said_at = f"{(now - timedelta(hours=4)).timestamp():.0f}.000100"
    asks: dict[str, Any] = {
        "ts": asked_at,
        "edited": {"user": slack.BEN, "ts": f"{float(asked_at) + 60:.6f}"},
        "reactions": [{"name": "eyes", "count": 2, "users": [slack.ADA, slack.CLEO]}],
    }
    talks = {
        "general": [
            slack.message(PLAIN, user=slack.ADA, ts=said_at),
            slack.message(ASKING, user=slack.BEN, **asks),
        ]
    }
    users = [slack.user(slack.ADA, "Ada"), slack.user(slack.BEN, "Ines Okafor"), slack.user(slack.CLEO, "Cleo")]
    return slack.zipped(slack.export(folder / "slack", talks, users=users), folder / "slack.zip")
