"""Slack, from the exports that a workspace's owner can make and from answers of its Web API kept in files.

What is read and what becomes of it: docs/importing-slack.md. One message parser stands behind all shapes (message.py).
"""

from collections.abc import Iterator
from pathlib import Path

from app.integrations.contract import Manifest, Options
from app.integrations.slack import read, recognise
from app.records import Read


class SlackReader:
    def recognises(self, path: Path) -> bool:
        return recognise.recognises(path)

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        return read.read_export(path)


MANIFEST = Manifest(
    kind="slack",
    title="Slack export",
    description="Channels, direct messages and threads of a workspace.",
    reader=SlackReader(),
    file_hint="a Slack export (the .zip, or its folder)",
)
