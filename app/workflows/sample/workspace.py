"""The story's Slack workspace as an export: users, channels, and a file for each channel and day, in a zip."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.workflows.sample import story
from app.workflows.sample.archive import zipped
from app.workflows.sample.story import Company, Telling
from app.workflows.sample.times import Calendar

_TEAM = "T01LARKFIELD"
_LINE = re.compile(
    r"(?P<indent> *)(?P<when>[+-]\d+[mhd](?: \d\d:\d\d)?) (?P<who>\w+): (?P<text>.*?)(?: \|\| (?P<marks>.*))?"
)
_MARK = re.compile(
    r":(?P<emoji>[a-z0-9_+-]+):(?P<by>(?: [a-z]+(?![\w:]))*)"
    r"|file (?P<file>\S+) (?P<size>\d+)|id (?P<id>\S+)|(?P<word>\w+)"
)
_MENTION = re.compile(r"<@(\w+)>")
_URL = re.compile(r"https://\S+[\w/]")
_GROUPS = {"channel": "channels", "group": "mpims", "direct": "dms"}


@dataclass(slots=True)
class _Line:
    """One message of a transcript. `place` is the channel's id."""

    place: str
    folder: str
    at: datetime
    ts: str
    who: str
    text: str
    marks: str = ""
    root: "_Line | None" = None
    replies: list["_Line"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What others link to it by."""
        return next((found["id"] for found in _MARK.finditer(self.marks) if found["id"]), "")


def transcripts(calendar: Calendar) -> list[_Line]:
    """Every message of the story's workspace, channel by channel, oldest first within each."""
    told = story.read("slack")
    rooms = [room for group in _GROUPS for room in told[group]]
    return [line for room in rooms for line in _transcript(calendar, room)]


def _transcript(calendar: Calendar, room: Mapping[str, Any]) -> Iterator[_Line]:
    root: _Line | None = None
    for number, written in enumerate(room["talk"].strip().split("\n")):
        found = _LINE.fullmatch(written)
        if found is None:
            raise ValueError(f"no line of a transcript: {written}")
        parent = root if found["indent"] else None
        at = calendar.moment(found["when"], parent.at if parent else None)
        ts = f"{int(at.timestamp())}.{number + 1:04d}00"
        line = _Line(_place(room), room["name"], at, ts, found["who"], found["text"], found["marks"] or "", parent)
        if parent:
            parent.replies.append(line)
        else:
            root = line
        yield line


def _place(room: Mapping[str, Any]) -> str:
    return room["name"] if room["name"].startswith("D0") else f"C{story.digits(room['name'], 9).upper()}"


def permalinks(company: Company, lines: Sequence[_Line]) -> dict[str, str]:
    """Where the messages that bear a name are found."""
    base = f"https://{company.workspace}.slack.com/archives"
    return {line.name: f"{base}/{line.place}/p{line.ts.replace('.', '')}" for line in lines if line.name}


def export(telling: Telling, lines: Sequence[_Line]) -> bytes:
    """The export as a zip."""
    told = story.read("slack")
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.at, line.ts)):
        folder = line.place if line.place.startswith("D0") else line.folder
        days[f"{folder}/{line.at:%Y-%m-%d}.json"].append(_message(telling, line))
    files: dict[str, Any] = {
        "users.json": _users(telling),
        **{f"{file}.json": [_room(telling, room) for room in told[group]] for group, file in _GROUPS.items()},
        "groups.json": [],
        "integration_logs.json": [],
        **days,
    }
    written = {name: json.dumps(content, ensure_ascii=False, indent=1).encode() for name, content in files.items()}
    return zipped(written, telling.calendar.now)


def _users(telling: Telling) -> list[dict[str, Any]]:
    company, offset = telling.company, telling.calendar.now.utcoffset() or timedelta()
    users = [
        {
            "id": person.slack,
            "team_id": _TEAM,
            "name": person.address.partition("@")[0],
            "deleted": False,
            "real_name": person.name,
            "tz_offset": int(offset.total_seconds()),
            "is_bot": False,
            "is_restricted": not person.ours,
            "profile": {
                "real_name": person.name,
                "display_name": person.name,
                **({"email": person.address} if person.slack_email else {}),
            },
        }
        for person in company.people.values()
        if person.slack
    ]
    slackbot = {"id": "USLACKBOT", "name": "slackbot", "is_bot": True, "profile": {"real_name": "Slackbot"}}
    return [*users, slackbot]


def _room(telling: Telling, room: Mapping[str, Any]) -> dict[str, Any]:
    members = [telling.company.people[key].slack for key in room["members"].split()]
    created = int(telling.calendar.moment("-60d 09:00").timestamp())
    topic = {"value": room.get("topic", ""), "creator": members[0], "last_set": created}
    about = {"id": _place(room), "created": created, "members": members}
    if room["name"].startswith("D0"):
        return about
    return {
        **about,
        "name": room["name"],
        "creator": members[0],
        "is_archived": False,
        "topic": topic,
        "purpose": topic,
    }


def _message(telling: Telling, line: _Line) -> dict[str, Any]:
    people = telling.company.people
    text = telling.links.put(telling.calendar.told(line.text.replace(r"\n", "\n"), line.at))
    message: dict[str, Any] = {
        "type": "message",
        "ts": line.ts,
        "team": _TEAM,
        "text": _URL.sub(r"<\g<0>>", _MENTION.sub(lambda found: f"<@{people[found[1]].slack}>", text)),
    }
    flags = {found["word"] for found in _MARK.finditer(line.marks)}
    if "bot" in flags:
        bot = f"B{story.digits(line.who, 8).upper()}"
        message |= {"subtype": "bot_message", "bot_id": bot, "username": line.who}
    else:
        message["user"] = people[line.who].slack
    if "join" in flags:
        message |= {"subtype": "channel_join", "text": f"<@{message['user']}> has joined the channel"}
    if "deleted" in flags:
        message |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "text": "This message was deleted."}
    if "edited" in flags:
        message["edited"] = {"user": message["user"], "ts": f"{int(line.at.timestamp()) + 60}.000000"}
    return {**message, **_thread_of(telling, line), **_marked(telling, line)}


def _thread_of(telling: Telling, line: _Line) -> dict[str, Any]:
    people = telling.company.people
    ids = {key: person.slack for key, person in people.items()}
    if line.root:
        return {"thread_ts": line.root.ts, "parent_user_id": ids.get(line.root.who, "")}
    if not line.replies:
        return {}
    return {
        "thread_ts": line.ts,
        "reply_count": len(line.replies),
        "reply_users": list(dict.fromkeys(ids[reply.who] for reply in line.replies)),
        "latest_reply": line.replies[-1].ts,
        "replies": [{"user": ids[reply.who], "ts": reply.ts} for reply in line.replies],
    }


def _marked(telling: Telling, line: _Line) -> dict[str, Any]:
    people = telling.company.people
    reactions, files = [], []
    for found in _MARK.finditer(line.marks):
        if found["emoji"]:
            users = [people[key].slack for key in found["by"].split()]
            reactions.append({"name": found["emoji"], "users": users, "count": len(users)})
        if found["file"]:
            name = found["file"]
            files.append(
                {
                    "id": f"F{story.digits(name, 9).upper()}",
                    "name": name,
                    "title": name,
                    "mimetype": "text/csv",
                    "size": int(found["size"]),
                }
            )
    return {**({"reactions": reactions} if reactions else {}), **({"files": files} if files else {})}
