"""Slack: pulled live, from the exports that a workspace's owner can make, and from answers of its Web API in files.

What is read and what becomes of it: docs/importing-slack.md; how it is pulled: docs/integrations/slack.md. One message
parser stands behind all shapes (message.py), so that a message is the same item whichever way it came.
"""

from collections.abc import Iterator
from pathlib import Path

from app.integrations.contract import Manifest, Options
from app.integrations.slack import read, recognise
from app.integrations.slack.live import LIVE
from app.integrations.slack.live.writing import WRITING
from app.records import Read


class SlackReader:
    def recognises(self, path: Path) -> bool:
        return recognise.recognises(path)

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        return read.read_export(path)


MANIFEST = Manifest(
    kind="slack",
    title="Slack",
    description="Channels, direct messages and threads of a workspace: pulled live, or read from an export.",
    reader=SlackReader(),
    file_hint="a Slack export (the .zip, or its folder)",
    live=LIVE,
    writing=WRITING,
)
