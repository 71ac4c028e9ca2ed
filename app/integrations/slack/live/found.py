"""The messages within an answer, and what stands among them and is none."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.integrations.slack import message as messages
from app.integrations.slack.automation import automation
from app.integrations.slack.directory import Directory
from app.integrations.slack.live import stamps
from app.integrations.slack.live.calls import Page
from app.integrations.slack.times import stamp
from app.integrations.slack.values import Object
from app.records import Kept, Refusal


@dataclass(frozen=True, slots=True)
class Message:
    """One message as Slack gave it."""

    ts: str
    source: Object

    @property
    def is_top(self) -> bool:
        """Whether it stands outside threads, or begins one."""
        return stamp(self.source.get("thread_ts")) in ("", self.ts)

    @property
    def latest_reply(self) -> str:
        return stamp(self.source.get("latest_reply"))

    @property
    def is_answered(self) -> bool:
        return self.is_top and bool(messages.has_replies(self.source) or self.latest_reply)

    def is_said(self, names: Directory) -> bool:
        """Whether a person said it outside threads."""
        return self.is_top and automation(self.source, names) is None


def opened(page: Page, title: str) -> tuple[list[Message], list[Refusal]]:
    """The messages of a page, each once, from the earliest on, and a refusal for each entry that is none."""
    found: dict[str, Message] = {}
    refused: list[Refusal] = []
    for at, entry in enumerate(page.entries):
        try:
            source = messages.opened(entry)
        except messages.NoMessage as error:
            path = f"data.messages[{at}]"
            kept = Kept(page.answer.tool, dict(page.answer.arguments), path, entry, whole=False)
            refused.append(Refusal(f"{title}, {path}", str(error), kept))
            continue
        ts = stamp(source.get("ts"))
        found.setdefault(ts, Message(ts, source))
    return sorted(found.values(), key=lambda each: stamps.order(each.ts)), refused


def sources(found: Iterable[Message]) -> Iterable[Object]:
    return (each.source for each in found)
