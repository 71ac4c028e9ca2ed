"""Pages of GMAIL_FETCH_EMAILS.

An empty page may have a next one, and `messages` may be missing where there is nothing: both are told apart from an
answer of another shape. Gmail says of the order of results only that it isn't by time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.tools import FETCH_EMAILS
from app.integrations.pulling import Answer, Tools

MOST_EMPTY = 50
"""Empty pages in a row: more are no mailbox, but a service that goes round in circles."""
LARGEST_PAGE = 500
OVERLAP = timedelta(days=1)
"""Read more than is wanted at both ends: Gmail's searches by time are of days or seconds, in a zone of its own. What
is not wanted is left out here, to the millisecond."""


def search(settings: GmailSettings, since: datetime, until: datetime) -> str:
    """What Gmail is asked for; times are seconds since 1970."""
    parts = [f"after:{math.floor(since.timestamp())}", f"before:{math.ceil(until.timestamp()) + 1}"]
    if not settings.include_sent:
        parts.append("-in:sent")
    if query := " ".join(settings.query.split()):
        parts.append(f"({query})")
    return " ".join(parts)


def arguments(settings: GmailSettings, query: str, label_id: str | None, *, ids_only: bool = False) -> dict[str, Any]:
    """Sizes are always named: the default is one message."""
    asked: dict[str, Any] = {
        "query": query,
        "max_results": LARGEST_PAGE if ids_only else settings.page_size,
        "include_payload": not ids_only,
        "verbose": not ids_only,
        "ids_only": ids_only,
        "include_spam_trash": settings.include_spam_trash,
    }
    return asked | ({"label_ids": [label_id]} if label_id else {})


@dataclass(frozen=True, slots=True)
class Page:
    answer: Answer
    messages: list[Any]
    token: str | None
    """Of the next page, None after the last one."""
    estimate: int


def read_page(answer: Answer) -> Page:
    """Raises Unreadable."""
    token = next_token(answer)
    estimate = _estimate(answer)
    messages = answer.look("messages", list)
    if messages is None and (lists_something(answer) or (estimate != 0 and not token)):
        messages = answer.find("messages", list)
    return Page(answer, messages or [], token, estimate or 0)


def lists_something(answer: Answer) -> bool:
    """Whether there is a list with something in it: what Gmail leaves out where nothing is, may only be renamed."""
    return any(isinstance(value, list) and value for level in answer.levels() for value in level.values())


def _estimate(answer: Answer) -> int | None:
    given = (level.get("resultSizeEstimate", level.get("result_size_estimate")) for level in answer.levels())
    return next((each for each in given if isinstance(each, int) and each >= 0), None)


def next_token(answer: Answer) -> str | None:
    return answer.look("nextPageToken", str, "next_page_token") or None


@dataclass(slots=True)
class Tokens:
    """The tokens of one listing: no service may send us round in circles."""

    seen: set[int] = field(default_factory=set)

    def take(self, answer: Answer, token: str | None) -> None:
        """Raises Unreadable where the token was given before."""
        if token is None:
            return
        if hash(token) in self.seen:
            raise answer.unreadable("data.nextPageToken", "names a page that was read already")
        self.seen.add(hash(token))


@dataclass(slots=True)
class Listing:
    """The pages of one question, one after the other."""

    tools: Tools
    asked: Mapping[str, Any]
    token: str | None = None
    tokens: Tokens = field(default_factory=Tokens)

    async def next(self) -> Page:
        """The next page with something on it, or the last one. Raises Upstream."""
        for _ in range(MOST_EMPTY):
            answer = await self.tools(FETCH_EMAILS, **self.asked, **({"page_token": self.token} if self.token else {}))
            page = read_page(answer)
            self.tokens.take(answer, page.token)
            self.token = page.token
            if page.messages or page.token is None:
                return page
        raise answer.unreadable(
            "data.messages", f"holds no messages on {MOST_EMPTY} pages in a row, and yet more pages"
        )
