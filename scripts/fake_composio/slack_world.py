"""A Slack workspace in memory: people, conversations, messages, threads, and what people do to them.

Messages are kept as Slack writes them; what the first message of a thread says of its replies is worked out when it is
asked for. A deleted message leaves a tombstone where it has replies.
"""

import json
import random
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

Sort = Literal["public", "private", "im", "mpim"]
Message = dict[str, Any]

_ONE = timedelta(microseconds=1)
_LISTS: dict[str, Sort] = {
    "channels.json": "public",
    "groups.json": "private",
    "dms.json": "im",
    "mpims.json": "mpim",
}
_NAMES = ("ada", "ben", "cleo", "dev", "eve", "finn", "gwen", "hugo", "ida", "jon")
_SAID = (
    "Can somebody look at the invoice of {n}?",
    "The build of {n} is broken again",
    "thanks, that works",
    "<@{who}> could you review {n} by Friday?",
    "lunch?",
    "I restarted server {n}, please check",
)


def ts_of(moment: datetime, number: int = 0) -> str:
    return f"{int(moment.timestamp())}.{moment.microsecond + number:06}"


@dataclass
class Channel:
    id: str
    name: str
    sort: Sort
    members: list[str]
    created: int = 1_700_000_000
    archived: bool = False
    tops: list[str] = field(default_factory=list)
    """In the order of time: what stands outside threads, and replies that were sent to the channel too."""
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    """By the first message of the thread."""

    def put(self, message: Message) -> None:
        ts: str = message["ts"]
        root: str = message.get("thread_ts") or ts
        if ts not in self.messages:
            if root == ts or message.get("subtype") == "thread_broadcast":
                insort(self.tops, ts)
            if root != ts:
                insort(self.replies.setdefault(root, []), ts)
        self.messages[ts] = message

    def drop(self, ts: str) -> None:
        message = self.messages.pop(ts)
        if ts in self.tops:
            self.tops.remove(ts)
        root: str = message.get("thread_ts") or ts
        if root != ts:
            self.replies[root].remove(ts)
            if not self.replies[root]:
                del self.replies[root]

    def shown(self, ts: str) -> Message:
        """A message as history and threads show it."""
        message, replies = self.messages[ts], self.replies.get(ts)
        if not replies:
            return {name: value for name, value in message.items() if name != "thread_ts" or value != ts}
        people = list(dict.fromkeys(self.messages[each].get("user", "") for each in replies))
        told = {"reply_count": len(replies), "reply_users": people, "latest_reply": replies[-1]}
        return {**message, "thread_ts": ts, **told}

    def reacted(self, ts: str, name: str) -> list[str]:
        """Who gave a message this reaction."""
        found = self.messages[ts].get("reactions", ())
        return next((list(each["users"]) for each in found if each["name"] == name), [])

    def between(self, stamps: list[str], oldest: str, latest: str) -> list[str]:
        """Both included."""
        return stamps[bisect_left(stamps, oldest) : bisect_left(stamps, latest + "~")]


@dataclass
class World:
    now: Callable[[], datetime]
    domain: str = "engine"
    me: str = ""
    """Whose account it is; the first one who joins where nobody is named."""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def user(self, id_: str, name: str, email: str | None = None, *, is_bot: bool = False, **more: Any) -> str:
        """Somebody joins, or changes. Without `email` it is hidden, as where the scope for it is missing."""
        profile = {"display_name": name, "real_name": name, **({"email": email} if email else {})}
        known = {"id": id_, "team_id": "T0ENGINE1", "name": name.lower().replace(" ", "."), "deleted": False}
        self.users[id_] = {**known, "real_name": name, "is_bot": is_bot, "profile": profile, **more}
        self.me = self.me or id_
        return id_

    def channel(self, id_: str, name: str = "", sort: Sort = "public", members: list[str] | None = None) -> str:
        """A new conversation, of everybody where no members are named."""
        self.channels[id_] = Channel(id_, name, sort, list(self.users) if members is None else members)
        return id_

    def post(
        self,
        channel: str,
        user: str,
        text: str,
        thread_ts: str | None = None,
        *,
        at: datetime | None = None,
        **more: Any,
    ) -> str:
        """Say something, now or `at` another time. Returns its ts."""
        held, moment = self.channels[channel], at or self.now()
        while (ts := ts_of(moment)) in held.messages:
            moment += _ONE
        known = {"type": "message", "user": user, "text": text, "ts": ts, "team": "T0ENGINE1"}
        held.put({**known, **({"thread_ts": thread_ts} if thread_ts else {}), **more})
        return ts

    def edit(self, channel: str, ts: str, text: str) -> None:
        message = self.channels[channel].messages[ts]
        edited = {"user": message.get("user", ""), "ts": ts_of(self.now())}
        self.channels[channel].messages[ts] = {**message, "text": text, "edited": edited}

    def delete(self, channel: str, ts: str) -> None:
        held = self.channels[channel]
        root = held.messages[ts].get("thread_ts") or ts
        if held.replies.get(ts):
            said = {"text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
            held.messages[ts] = {"type": "message", "subtype": "tombstone", "ts": ts, "thread_ts": ts, **said}
            return
        held.drop(ts)
        if root in held.messages and held.messages[root].get("subtype") == "tombstone" and root not in held.replies:
            held.drop(root)

    def react(self, channel: str, ts: str, name: str, user: str) -> None:
        message = self.channels[channel].messages[ts]
        found = {each["name"]: each for each in message.get("reactions", ())}
        users = list(dict.fromkeys([*found.get(name, {}).get("users", ()), user]))
        found[name] = {"name": name, "users": users, "count": len(users)}
        self.channels[channel].messages[ts] = {**message, "reactions": list(found.values())}

    def unreact(self, channel: str, ts: str, name: str, user: str) -> None:
        held = self.channels[channel]
        users = [each for each in held.reacted(ts, name) if each != user]
        left = [each for each in held.messages[ts].get("reactions", ()) if each["name"] != name]
        left += [{"name": name, "users": users, "count": len(users)}] if users else []
        rest = {key: value for key, value in held.messages[ts].items() if key != "reactions"}
        held.messages[ts] = {**rest, **({"reactions": left} if left else {})}

    def leave(self, channel: str, user: str = "") -> None:
        self.channels[channel].members.remove(user or self.me)

    def join(self, channel: str, user: str = "") -> None:
        self.channels[channel].members.append(user or self.me)

    def archive(self, channel: str) -> None:
        self.channels[channel].archived = True

    def generate(self, channels: int = 5, messages: int = 300, seed: int = 1, days: int = 20) -> Self:
        """So many channels, a fifth of them private, a direct talk for every third person, and messages of `days`."""
        chance = random.Random(seed)
        people = [
            self.user(f"U0GEN{at:05}", f"{name.title()} Gen", f"{name}@gen.example", tz="Europe/Berlin", tz_offset=3600)
            for at, name in enumerate(_NAMES)
        ]
        self.user("U0GENBOT1", "Beacon", is_bot=True)
        self.me = people[0]
        made = [
            self.channel(
                f"{'G' if at % 5 == 4 else 'C'}0GEN{at:05}", f"gen-{at}", "private" if at % 5 == 4 else "public"
            )
            for at in range(channels)
        ]
        made += [self.channel(f"D0GEN{at:05}", "", "im", [self.me, each]) for at, each in enumerate(people[1::3])]
        start = self.now() - timedelta(days=days)
        step = (self.now() - start) / (messages + 1)
        begun: dict[str, list[str]] = {}
        for number in range(messages):
            channel, at = chance.choice(made), start + step * (number + 1)
            user = chance.choice(self.channels[channel].members)
            roots = begun.setdefault(channel, [])
            root = chance.choice(roots[-5:]) if roots and chance.random() < 0.3 else None
            said = chance.choice(_SAID).format(n=number, who=chance.choice(people))
            ts = self.post(channel, user, said, root, at=at)
            if root is None:
                roots.append(ts)
        return self

    def load(self, export: Path, me: str = "") -> Self:
        """An export's folder. `me`: who is connected; the first of the people where nobody is named."""
        for entry in _json(export / "users.json"):
            self.users[entry["id"]] = entry
        self.me = me or self.me or next(iter(self.users), "")
        for file, sort in _LISTS.items():
            for entry in _json(export / file):
                id_ = self.channel(entry["id"], entry.get("name", ""), sort, list(entry.get("members", ())))
                folder = export / (entry["id"] if sort == "im" else entry.get("name", ""))
                for day in sorted(folder.glob("*.json")) if folder != export else ():
                    for message in _messages(day):
                        self.channels[id_].put(message)
        return self


def _json(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    found = json.loads(path.read_text("utf-8"))
    return [each for each in found if isinstance(each, dict) and each.get("id")]


def _messages(day: Path) -> Iterator[Message]:
    for each in json.loads(day.read_text("utf-8")):
        if isinstance(each, dict) and each.get("ts"):
            yield each
