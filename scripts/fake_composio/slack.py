"""Slack's tools as Composio gives them, over a workspace in memory (slack_world.py).

Shapes and defaults are those that were measured or read of: lists give one entry where no size is asked for, history
comes without the replies in threads and the latest first, a thread's first message leads each of its pages, addresses
may be hidden, direct talks have no name and no members, and the last page has an empty cursor.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scripts.fake_composio.slack_world import Channel, Message, World
from scripts.fake_composio.toolkit import Arguments, ToolFailed, ToolFunction

_MOST = 1000
_TYPES = {"public": "public_channel", "private": "private_channel", "im": "im", "mpim": "mpim"}
_LAST = "9999999999.999999"


@dataclass
class Workspace(World):
    """A workspace with the tools of one account."""

    most: int = _MOST
    """What an answer holds at most, however much is asked for: Slack may give fewer."""
    cursors: int = 0
    """Their generation: cursors of earlier ones have expired."""
    writable: bool = True
    """Whether the account granted reactions:write."""
    toolkit: str = "slack"

    @classmethod
    def from_export(cls, path: Path, *, now: Callable[[], datetime], me: str = "") -> Self:
        return cls(now).load(path, me)

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "SLACK_TEST_AUTH": self._auth,
            "SLACK_LIST_ALL_USERS": self._list_users,
            "SLACK_LIST_CONVERSATIONS": self._list_channels,
            "SLACK_LIST_ALL_CHANNELS": self._list_channels,
            "SLACK_FETCH_CONVERSATION_HISTORY": self._history,
            "SLACK_FETCH_MESSAGE_THREAD_FROM_A_CONVERSATION": self._thread,
            "SLACK_SEARCH_MESSAGES": self._search,
            "SLACK_ADD_REACTION_TO_AN_ITEM": self._add_reaction,
            "SLACK_REMOVE_REACTION_FROM_ITEM": self._remove_reaction,
        }

    def expire_cursors(self) -> None:
        self.cursors += 1

    def let_write(self, allowed: bool = True) -> None:
        """Whether reactions may be set from now on."""
        self.writable = allowed

    def change(self, command: dict[str, Any]) -> Any:
        """{"do": "post", "channel": …, "user": …, "text": …}; likewise edit, delete, react, unreact, leave, join,
        archive, user, channel, generate, let_write, expire_cursors, with the arguments of these methods."""
        allowed = (
            *("post", "edit", "delete", "react", "unreact", "leave", "join", "archive"),
            *("user", "channel", "generate", "let_write"),
        )
        rest = {name: value for name, value in command.items() if name != "do"}
        name = command.get("do")
        if name not in (*allowed, "expire_cursors"):
            raise ValueError(f"no «{name}»; there are: {', '.join((*allowed, 'expire_cursors'))}")
        if isinstance(rest.get("at"), str):
            rest["at"] = datetime.fromisoformat(rest["at"])
        try:
            done = getattr(self, name)(**rest)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{name}: {error}") from error
        return done if isinstance(done, str) else True

    def _auth(self, _arguments: Arguments) -> Any:
        named = {"team": self.domain.title(), "user": self.users.get(self.me, {}).get("name", "")}
        ids = {"team_id": "T0ENGINE1", "user_id": self.me}
        return {"ok": True, "url": f"https://{self.domain}.slack.com/", **named, **ids}

    def _list_users(self, arguments: Arguments) -> Any:
        return self._listed("members", list(self.users.values()), arguments)

    def _list_channels(self, arguments: Arguments) -> Any:
        types = str(arguments.get("types") or "public_channel").split(",")
        shown = [
            self._channel(each)
            for each in self.channels.values()
            if _TYPES[each.sort] in types
            and (each.sort == "public" or self.me in each.members)
            and not (each.archived and arguments.get("exclude_archived"))
        ]
        return self._listed("channels", shown, arguments)

    def _channel(self, channel: Channel) -> dict[str, Any]:
        known = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
        if channel.sort == "im":
            other = next((each for each in channel.members if each != self.me), self.me)
            return {**known, "is_im": True, "user": other}
        sort = {"is_channel": channel.sort == "public", "is_group": channel.sort == "private", "is_im": False}
        kind = {**sort, "is_mpim": channel.sort == "mpim", "is_private": channel.sort != "public"}
        belongs = {"is_member": self.me in channel.members, "num_members": len(channel.members)}
        told = {name: {"value": "", "creator": "", "last_set": 0} for name in ("topic", "purpose")}
        return {**known, "name": channel.name, **kind, "is_general": channel.name == "general", **belongs, **told}

    def _listed(self, name: str, values: list[Any], arguments: Arguments) -> Any:
        start, size = int(self._opened(arguments) or 0), self._size(arguments, 1)
        more = start + size < len(values)
        cursor = self._cursor(str(start + size)) if more else ""
        return {"ok": True, name: values[start : start + size], "response_metadata": {"next_cursor": cursor}}

    def _history(self, arguments: Arguments) -> Any:
        channel = self._readable(arguments)
        within = self._within(channel, channel.tops, arguments)
        if cursor := self._opened(arguments):
            within = [ts for ts in within if ts <= cursor]
        size = self._size(arguments, 100)
        page, rest = within[-size:], within[:-size]
        return self._messages([channel.shown(ts) for ts in reversed(page)], rest[-1] if rest else "")

    def _thread(self, arguments: Arguments) -> Any:
        channel, root = self._readable(arguments), str(arguments.get("ts") or "")
        if root not in channel.messages:
            raise _failed("thread_not_found")
        within = self._within(channel, channel.replies.get(root, []), arguments)
        if cursor := self._opened(arguments):
            within = [ts for ts in within if ts >= cursor]
        size = self._size(arguments, 100)
        page, rest = within[:size], within[size:]
        return self._messages([channel.shown(ts) for ts in (root, *page)], rest[0] if rest else "")

    def _add_reaction(self, arguments: Arguments) -> Any:
        channel, ts, name = self._reacted(arguments)
        if self.me in channel.reacted(ts, name):
            raise _failed("already_reacted")
        self.react(channel.id, ts, name, self.me)
        return {"ok": True}

    def _remove_reaction(self, arguments: Arguments) -> Any:
        channel, ts, name = self._reacted(arguments)
        if self.me not in channel.reacted(ts, name):
            raise _failed("no_reaction")
        self.unreact(channel.id, ts, name, self.me)
        return {"ok": True}

    def _reacted(self, arguments: Arguments) -> tuple[Channel, str, str]:
        if not self.writable:
            raise _failed("missing_scope")
        channel = self._readable(arguments)
        ts, name = str(arguments.get("timestamp") or ""), str(arguments.get("name") or "")
        if channel.archived:
            raise _failed("is_archived")
        if not name or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
            raise _failed("invalid_name")
        if ts not in channel.messages or channel.messages[ts].get("subtype") == "tombstone":
            raise _failed("message_not_found")
        return channel, ts, name

    def _messages(self, messages: list[Message], onwards: str) -> Any:
        cursor = self._cursor(onwards) if onwards else ""
        told = {"has_more": bool(onwards), "response_metadata": {"next_cursor": cursor}}
        return {"ok": True, "messages": messages, **told}

    def _within(self, channel: Channel, stamps: list[str], arguments: Arguments) -> list[str]:
        oldest, latest = _stamp(arguments.get("oldest") or "0"), _stamp(arguments.get("latest") or _LAST)
        found = channel.between(stamps, oldest, latest)
        return found if arguments.get("inclusive") else [ts for ts in found if ts not in (oldest, latest)]

    def _search(self, arguments: Arguments) -> Any:
        query = str(arguments.get("query") or "").lower()
        if not query:
            raise _failed("no_query")
        words = [word for word in query.split() if ":" not in word]
        size, page = min(100, int(arguments.get("count") or 1)), max(1, int(arguments.get("page") or 1))
        found = [
            self._match(channel, message)
            for channel in self.channels.values()
            if self.me in channel.members
            for message in channel.messages.values()
            if all(word in str(message.get("text", "")).lower() for word in words)
        ]
        found.sort(key=lambda each: str(each["ts"]), reverse=True)
        paging = {"count": size, "total": len(found), "page": page, "pages": -(-len(found) // size)}
        matches = found[(page - 1) * size : page * size]
        return {"ok": True, "query": query, "messages": {"total": len(found), "matches": matches, "paging": paging}}

    def _match(self, channel: Channel, message: Message) -> Message:
        where = {"id": channel.id, "name": channel.name, "is_private": channel.sort != "public"}
        link = f"https://{self.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
        return {**message, "channel": where, "permalink": link}

    def _readable(self, arguments: Arguments) -> Channel:
        channel = self.channels.get(str(arguments.get("channel") or ""))
        if channel is None or (channel.sort != "public" and self.me not in channel.members):
            raise _failed("channel_not_found")
        if self.me not in channel.members:
            raise _failed("not_in_channel")
        return channel

    def _size(self, arguments: Arguments, usual: int) -> int:
        return min(max(1, int(arguments.get("limit") or usual)), _MOST, self.most)

    def _cursor(self, onwards: str) -> str:
        return base64.b64encode(f"next_ts:{self.cursors}:{onwards}".encode()).decode()

    def _opened(self, arguments: Arguments) -> str:
        """What a cursor leads to, "" where none is given."""
        given = str(arguments.get("cursor") or "")
        if not given:
            return ""
        try:
            _, generation, onwards = base64.b64decode(given, validate=True).decode().split(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise _failed("invalid_cursor") from None
        if generation != str(self.cursors):
            raise _failed("invalid_cursor")
        return onwards


def _stamp(given: Any) -> str:
    """In the form of a ts, so that texts compare like times; whole seconds and numbers are taken too."""
    seconds, _, micros = str(given).partition(".")
    return f"{seconds.zfill(10)}.{micros.ljust(6, '0')}"


def _failed(word: str) -> ToolFailed:
    return ToolFailed(word, data={"ok": False, "error": word})
