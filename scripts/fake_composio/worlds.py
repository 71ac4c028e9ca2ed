"""The worlds that scripts/fake-composio serves: made up in the sizes that were asked for, or read from files."""

import argparse
from collections.abc import Iterator

from scripts.fake_composio.backend import real_time
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.slack import Workspace
from scripts.fake_composio.toolkit import Toolkit


def built(given: argparse.Namespace) -> Iterator[Toolkit]:
    """Mail, channels and databases, in that order. Raises OSError where a file can't be read."""
    mailbox = Mailbox(now=real_time)
    yield mailbox.from_mbox(given.mbox) if given.mbox else mailbox.generate(given.mails, given.seed)
    if given.slack_export:
        yield Workspace.from_export(given.slack_export, now=real_time)
    else:
        yield Workspace(real_time).generate(given.channels, given.messages, given.seed)
    yield NotionSpace(now=real_time, seed=given.seed).generate(given.databases, given.rows)
