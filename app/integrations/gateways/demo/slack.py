"""The demo's workspace: Slack's tools over what is said in talks.py, in the shapes in which Composio gives them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.integrations.gateways.demo.answering import (
    NOTHING_CHANGED,
    Arguments,
    Clock,
    ToolFunction,
    missing,
    paged,
    refuse,
    size_of,
)
from app.integrations.gateways.demo.company import DOMAIN, OWNER, PEOPLE, Somebody
from app.integrations.gateways.demo.talks import TALKS, Said, Talk
from app.integrations.gateways.demo.times import Anchor

SERVICE = "Slack"
TEAM = "T0DEMO"
_CREATED = 1_700_000_000
_LAST = "9999999999.999999"
_NAMED = re.compile(r"@([a-z]+)\b")
_USERS = {each.slack: each for each in PEOPLE.values() if each.slack}


@dataclass(slots=True)
class Message:
    ts: str
    root: str
    """The `ts` of the thread's first message: its own, where it is that one or in no thread."""
    who: Somebody
    text: str
    reactions: dict[str, list[str]]
    """Ids of people by name."""

    def said(self, replies: Sequence["Message"] = ()) -> dict[str, Any]:
        """`replies`: those that are there, of a thread's first message."""
        told: dict[str, Any] = {
            "type": "message",
            "user": self.who.slack,
            "text": self.text,
            "ts": self.ts,
            "team": TEAM,
        }
        if self.root != self.ts or replies:
            told["thread_ts"] = self.root
        if replies:
            people = list(dict.fromkeys(each.who.slack for each in replies))
            told |= {"reply_count": len(replies), "reply_users": people, "latest_reply": replies[-1].ts}
        if self.reactions:
            found = self.reactions.items()
            told["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in found]
        return told


@dataclass
class Workspace:
    """One account's workspace, as it is at `now`."""

    anchor: Anchor
    now: Clock
    _said: dict[str, tuple[Message, ...]] = field(init=False)
    """By conversation, in the order of time."""

    def __post_init__(self) -> None:
        self._said = {talk.id: tuple(sorted(_messages(talk, self.anchor), key=_stamp_of)) for talk in TALKS}

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "SLACK_TEST_AUTH": self._auth,
            "SLACK_LIST_ALL_USERS": self._users,
            "SLACK_LIST_CONVERSATIONS": self._conversations,
            "SLACK_FETCH_CONVERSATION_HISTORY": self._history,
            "SLACK_FETCH_MESSAGE_THREAD_FROM_A_CONVERSATION": self._thread,
            "SLACK_ADD_REACTION_TO_AN_ITEM": self._react,
            "SLACK_REMOVE_REACTION_FROM_ITEM": self._take_back,
        }

    def _auth(self, _arguments: Arguments) -> Any:
        """Without the address of a workspace: links would lead to somebody else's."""
        ids = {"team_id": TEAM, "user_id": OWNER.slack}
        return {"ok": True, "url": f"https://chat.{DOMAIN}/", "team": "Harbour Lane", "user": "maren", **ids}

    def _users(self, arguments: Arguments) -> Any:
        members = [_member(each) for each in _USERS.values()]
        return self._listed("members", members, arguments)

    def _conversations(self, arguments: Arguments) -> Any:
        types = str(arguments.get("types") or "public_channel").split(",")
        shown = [_channel(each) for each in TALKS if ("im" if each.direct else "public_channel") in types]
        return self._listed("channels", shown, arguments)

    def _listed(self, name: str, values: Sequence[dict[str, Any]], arguments: Arguments) -> Any:
        size = size_of(arguments, "limit", 1)
        page, token = paged(values, arguments.get("cursor"), size, lambda each: str(each["id"]), SERVICE)
        return {"ok": True, name: list(page), "response_metadata": {"next_cursor": token or ""}}

    def _history(self, arguments: Arguments) -> Any:
        here = self._here(arguments)
        tops = [each for each in self._within(here, arguments) if each.root == each.ts]
        size = size_of(arguments, "limit", 100)
        page, token = paged(tops[::-1], arguments.get("cursor"), size, _stamp_of, SERVICE)
        return _answer([each.said(_replies(here, each.ts)) for each in page], token)

    def _thread(self, arguments: Arguments) -> Any:
        here, asked = self._here(arguments), str(arguments.get("ts") or "")
        first = self._message(here, asked, "thread_not_found")
        replies = _replies(here, first.root)
        size = size_of(arguments, "limit", 100)
        within = self._within(replies, arguments)
        page, token = paged(within, arguments.get("cursor"), size, _stamp_of, SERVICE)
        root = self._message(here, first.root, "thread_not_found")
        return _answer([root.said(replies), *(each.said() for each in page)], token)

    def _here(self, arguments: Arguments) -> list[Message]:
        """All that was said by now in the conversation that is asked for."""
        channel, now = str(arguments.get("channel") or ""), _stamp(self.now())
        if channel not in self._said:
            raise missing(SERVICE, "channel_not_found")
        return [each for each in self._said[channel] if each.ts <= now]

    def _within(self, messages: Sequence[Message], arguments: Arguments) -> list[Message]:
        oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or _LAST)
        inclusive = bool(arguments.get("inclusive"))
        lower, upper = _order(oldest), _order(latest)
        return [
            each
            for each in messages
            if lower <= _order(each.ts) <= upper and (inclusive or each.ts not in (oldest, latest))
        ]

    def _message(self, here: Sequence[Message], ts: str, word: str) -> Message:
        found = next((each for each in here if each.ts == ts), None)
        if found is None:
            raise missing(SERVICE, word)
        return found

    def _reacted(self, arguments: Arguments) -> tuple[Message, str]:
        name = str(arguments.get("name") or "").strip(":")
        if not name:
            refuse(SERVICE, "no_reaction_specified")
        return self._message(self._here(arguments), str(arguments.get("timestamp") or ""), "message_not_found"), name

    def _react(self, arguments: Arguments) -> Any:
        message, name = self._reacted(arguments)
        users = message.reactions.setdefault(name, [])
        if OWNER.slack in users:
            refuse(SERVICE, "already_reacted")
        users.append(OWNER.slack)
        return {"ok": True, "demo": NOTHING_CHANGED}

    def _take_back(self, arguments: Arguments) -> Any:
        message, name = self._reacted(arguments)
        if OWNER.slack not in message.reactions.get(name, ()):
            refuse(SERVICE, "no_reaction")
        message.reactions[name].remove(OWNER.slack)
        if not message.reactions[name]:
            del message.reactions[name]
        return {"ok": True, "demo": NOTHING_CHANGED}


def _answer(messages: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
    onwards = {"has_more": token is not None, "response_metadata": {"next_cursor": token or ""}}
    return {"ok": True, "messages": messages, **onwards}


def _replies(here: Iterable[Message], root: str) -> list[Message]:
    return [each for each in here if each.root == root != each.ts]


def _messages(talk: Talk, anchor: Anchor) -> Iterable[Message]:
    for said in talk.said:
        first = _message(said, anchor, "")
        yield first
        for reply in said.replies:
            yield _message(reply, anchor, first.ts)


def _message(said: Said, anchor: Anchor, root: str) -> Message:
    at = anchor.moment(said.hours)
    ts, words = _stamp(at), said.text.format_map(anchor.words(at))
    text = _NAMED.sub(lambda found: f"<@{PEOPLE[found[1]].slack}>", words)
    reactions: dict[str, list[str]] = {}
    for name, who in said.reactions:
        reactions.setdefault(name, []).append(PEOPLE[who].slack)
    return Message(ts, root or ts, PEOPLE[said.who], text, reactions)


def _stamp(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{int(at.timestamp()):010}.{at.microsecond:06}"


def _order(ts: str) -> tuple[int, int]:
    """Seconds and microseconds. Raises Rejected for what is no `ts`."""
    seconds, _, micros = ts.partition(".")
    if not f"{seconds}{micros}".isdecimal():
        refuse(SERVICE, "invalid_ts, a moment is written as seconds since 1970")
    return int(seconds), int(micros.ljust(6, "0"))


def _stamp_of(message: Message) -> str:
    return message.ts


def _member(somebody: Somebody) -> dict[str, Any]:
    profile = {"display_name": somebody.name, "real_name": somebody.name, "email": somebody.address}
    known = {"id": somebody.slack, "team_id": TEAM, "name": somebody.address.partition("@")[0], "deleted": False}
    return {**known, "real_name": somebody.name, "is_bot": False, "profile": profile}


def _channel(talk: Talk) -> dict[str, Any]:
    known = {"id": talk.id, "created": _CREATED, "is_archived": False}
    if talk.direct:
        return {**known, "is_im": True, "user": PEOPLE[talk.other].slack}
    sort = {"is_channel": True, "is_group": False, "is_im": False, "is_mpim": False, "is_private": False}
    return {**known, "name": talk.name, **sort, "is_general": False, "is_member": True, "num_members": len(_USERS)}
