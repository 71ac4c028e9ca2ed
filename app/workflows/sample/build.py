"""Makes the story's export files: what the sample company would have exported from its mail, Slack and Notion."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from app.workflows.sample import mailbox, story, wiki, workspace
from app.workflows.sample.story import Links, Telling
from app.workflows.sample.times import Calendar

FILES = {"mbox": "mail.mbox", "slack": "slack.zip", "notion": "notion.zip"}
"""The exports by kind of integration."""


def exports(now: datetime) -> Mapping[str, bytes]:
    """The exports by kind, as of `now` (aware; the story's local times are in its offset). The same bytes each time."""
    calendar, company = Calendar(now), story.company()
    lines = workspace.transcripts(calendar)
    links = Links(wiki.addresses(company), workspace.permalinks(company, lines))
    telling = Telling(calendar, company, links)
    return {
        "mbox": mailbox.mbox(telling),
        "slack": workspace.export(telling, lines),
        "notion": wiki.export(telling),
    }


def build(folder: Path, now: datetime) -> list[Path]:
    """Write the exports into `folder`, which exists. Returns their paths: mail, Slack, Notion."""
    paths = []
    for kind, content in exports(now).items():
        paths.append(folder / FILES[kind])
        paths[-1].write_bytes(content)
    return paths
