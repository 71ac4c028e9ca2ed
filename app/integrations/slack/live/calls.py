"""Calls of Slack's tools, page by page.

Every size is given, because several tools take 1 where none is. Slack may return fewer than asked for, also none, with
a cursor that leads on. Facts: docs/integrations/slack.md.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from app.core.errors import Rejected
from app.integrations.pulling import Answer, Tools
from app.integrations.slack.live import failures, stamps
from app.integrations.slack.times import stamp
from app.integrations.slack.values import first_text

ME = "SLACK_TEST_AUTH"
USERS = "SLACK_LIST_ALL_USERS"
CONVERSATIONS = "SLACK_LIST_CONVERSATIONS"
HISTORY = "SLACK_FETCH_CONVERSATION_HISTORY"
THREAD = "SLACK_FETCH_MESSAGE_THREAD_FROM_A_CONVERSATION"
ALL = (ME, USERS, CONVERSATIONS, HISTORY, THREAD)

LIST_SIZE = 999
"""Slack wants less than a thousand."""
CURSOR = "data.response_metadata.next_cursor"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer that holds a list."""

    answer: Answer
    entries: list[Any]
    cursor: str
    more: bool
    """Slack says that there is more, whether or not it gives a cursor."""

    @property
    def stamps(self) -> list[str]:
        return [ts for each in self.entries if isinstance(each, dict) and (ts := stamp(each.get("ts")))]


@dataclass(frozen=True, slots=True)
class Calls:
    """Slack for one pull."""

    tools: Tools
    size: int

    async def me(self) -> Answer:
        return _succeeded(await self.tools(ME))

    async def check_access(self) -> None:
        """Raises Unauthorised where the account's leave is gone altogether, not only for one conversation."""
        _succeeded(await self.tools(CONVERSATIONS, limit=1, types="public_channel", exclude_archived=True))

    def members(self) -> AsyncIterator[Page]:
        return self._list(USERS, "members", {"limit": LIST_SIZE})

    def conversations(self, types: str) -> AsyncIterator[Page]:
        arguments = {"limit": LIST_SIZE, "types": types, "exclude_archived": True}
        return self._list(CONVERSATIONS, "channels", arguments)

    def history(self, channel: str, oldest: str, latest: str) -> AsyncIterator[Page]:
        """Messages outside threads, both ends included; later pages hold earlier ones."""
        arguments = {"channel": channel, "oldest": oldest, "latest": latest, "inclusive": True, "limit": self.size}
        return self._through(HISTORY, arguments, lambda seen: {"latest": stamps.moved(seen[0], micros=-1)})

    def thread(self, channel: str, ts: str, oldest: str, latest: str) -> AsyncIterator[Page]:
        """A thread's first message, on every page, and its replies from `oldest` on; later pages hold later ones."""
        within = {"oldest": oldest, "latest": latest, "inclusive": True}
        arguments = {"channel": channel, "ts": ts, **within, "limit": self.size}
        return self._through(THREAD, arguments, lambda seen: {"oldest": stamps.moved(seen[-1], micros=1)})

    async def _list(self, tool: str, name: str, arguments: dict[str, Any]) -> AsyncIterator[Page]:
        cursor = ""
        while True:
            page = await self._page(tool, name, arguments, cursor)
            yield page
            if not page.cursor:
                return
            cursor = page.cursor

    async def _through(
        self, tool: str, arguments: dict[str, Any], rest: Callable[[list[str]], dict[str, Any]]
    ) -> AsyncIterator[Page]:
        """A stretch of time. Without a cursor, or where it has expired, `rest` of what was seen says where to go on."""
        cursor, ahead = "", arguments
        while True:
            try:
                page = await self._page(tool, "messages", arguments, cursor)
            except Rejected as error:
                if not cursor or ahead == arguments or not failures.is_one_of(error, failures.STALE):
                    raise
                cursor, arguments = "", ahead
                continue
            yield page
            if seen := sorted(page.stamps, key=stamps.order):
                ahead = {**ahead, **rest(seen)}
            if not page.cursor and not page.more:
                return
            if not page.cursor and ahead == arguments:
                raise page.answer.unreadable(CURSOR, "says that there is more, and not where")
            cursor, arguments = page.cursor, arguments if page.cursor else ahead

    async def _page(self, tool: str, name: str, arguments: dict[str, Any], cursor: str) -> Page:
        answer = await self.tools(tool, **arguments, **({"cursor": cursor} if cursor else {}))
        page = page_of(answer, name)
        if page.cursor and page.cursor == cursor:
            raise answer.unreadable(CURSOR, "leads to itself again")
        return page


def page_of(answer: Answer, name: str) -> Page:
    """What an answer holds. Raises Unreadable where it has no list called `name`, or one of another sort."""
    entries = _succeeded(answer).find(name, list)
    if name == "messages":
        _check(answer, entries, name, "ts", lambda each: stamp(each.get("ts")) or stamp(each.get("deleted_ts")))
    else:
        _check(answer, entries, name, "id", lambda each: first_text(each, "id"))
    metadata = answer.look("response_metadata", dict) or {}
    cursor = first_text(metadata, "next_cursor") or answer.look("next_cursor", str) or ""
    return Page(answer, entries, cursor, answer.look("has_more", bool, default=False))


def _check(answer: Answer, entries: list[Any], name: str, key: str, found: Callable[[dict[str, Any]], str]) -> None:
    """A list of which no entry has its name is another shape; a single one without is that entry's own trouble."""
    if entries and not any(isinstance(each, dict) and found(each) for each in entries):
        raise answer.unreadable(f"data.{name}[0].{key}", f"holds {name} without «{key}»")


def _succeeded(answer: Answer) -> Answer:
    if answer.look("ok", bool) is False:
        failures.refuse(answer.tool, answer.look("error", str) or "")
    return answer
