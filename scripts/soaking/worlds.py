"""A mailbox, a workspace and databases in the stand-in, that change while they are pulled.

What changes and how is drawn by a seed; when it happens is the business of whoever calls `change`.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.core.clock import utc_now
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.notion_shapes import STATUSES
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.slack import Workspace

SINCE = timedelta(days=40)
_SAID = ("Could you check this by Friday?", "Please send the figures.", "thanks, done", "Who looks after the server?")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, and how it is handed out."""

    mails: int = 400
    channels: int = 4
    messages: int = 120
    rows: int = 120
    page: int = 10
    """Entries in a page."""
    latency_s: float = 0.05


@dataclass
class World:
    size: Size
    seed: int
    fake: FakeComposio = field(init=False)
    mail: Mailbox = field(init=False)
    slack: Workspace = field(init=False)
    notion: NotionSpace = field(init=False)
    changes: int = 0
    trashed: set[str] = field(default_factory=set)
    """Rows of Notion that were put into the trash: only a full listing tells of them."""
    _number: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.fake = FakeComposio(calls_kept=1000)
        self.fake.latency_s = self.size.latency_s
        self.mail = Mailbox(now=real_time).generate(self.size.mails, self.seed)
        self.slack = Workspace(real_time).generate(self.size.channels, self.size.messages, self.seed)
        self.notion = NotionSpace(now=real_time, seed=self.seed).generate(2, self.size.rows // 2)
        for toolkit in (self.mail, self.slack, self.notion):
            self.fake.connect(f"ca_{toolkit.toolkit}", toolkit)

    def integrations(self) -> list[dict[str, Any]]:
        """What is configured for it, as the API takes it."""
        since = (utc_now() - SINCE).date().isoformat()
        own: dict[str, dict[str, Any]] = {
            "gmail": {"page_size": self.size.page},
            "slack": {"page_size": self.size.page, "window_days": 90, "reread_minutes": 0},
            "notion": {"page_content": "none", "full_listing_hours": 1},
        }
        return [
            {
                "kind": kind,
                "name": f"the {kind}",
                "settings": {"since": since, **settings},
                "gateway": {"connected_account_id": f"ca_{kind}"},
            }
            for kind, settings in own.items()
        ]

    def change(self) -> None:
        """Something happens somewhere: a message comes, is edited, marked or deleted."""
        with self.fake.lock:
            self._chance.choice((self._mail, self._slack, self._notion))()
        self.changes += 1

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _mail(self) -> None:
        number, names = self._next(), list(self.mail.messages)
        named = self._chance.choice(names)
        match self._chance.randrange(6):
            case 0 | 1:
                self.mail.deliver(subject=f"News {number}", text=f"{self._chance.choice(_SAID)} ({number})")
            case 2:
                answered = self.mail.messages[named]
                text, own = self._chance.choice(_SAID), answered.header("message-id")
                self.mail.deliver(subject=f"Re: {answered.header('subject')}", in_reply_to=own, text=text)
            case 3:
                change = self.mail.unlabel if "STARRED" in self.mail.messages[named].labels else self.mail.label
                change(named, "STARRED")
            case 4:
                change = self.mail.unlabel if "UNREAD" in self.mail.messages[named].labels else self.mail.label
                change(named, "UNREAD")
            case _:
                self.mail.delete(named)

    def _slack(self) -> None:
        number = self._next()
        where = self._chance.choice([each for each in self.slack.channels.values() if each.messages])
        user, said = self._chance.choice(where.members), f"{self._chance.choice(_SAID)} ({number})"
        ts = self._chance.choice(list(where.messages))
        message = where.messages[ts]
        match self._chance.randrange(5):
            case 0 | 1:
                self.slack.post(where.id, user, said)
            case 2 if message.get("subtype") != "tombstone":
                self.slack.post(where.id, user, said, message.get("thread_ts") or ts)
            case 3 if message.get("subtype") != "tombstone":
                self.slack.edit(where.id, ts, f"{message['text']} (edited {number})")
            case 4 if message.get("subtype") != "tombstone" and not where.replies.get(ts):
                self.slack.delete(where.id, ts)

    def _notion(self) -> None:
        number = self._next()
        row = self._chance.choice([own for own, each in self.notion.rows.items() if not each.trashed])
        status = self._chance.choice([name for names in STATUSES.values() for name in names])
        match self._chance.randrange(4):
            case 0:
                table = self._chance.choice(list(self.notion.databases))
                self.notion.add_row(table, {"Name": f"Row {number}", "Status": status})
            case 1 | 2:
                self.notion.edit_row(row, {"Status": status, "Name": f"Edited {number}"})
            case _:
                self.notion.trash_row(row)
                self.trashed.add(row)
