"""A Slack export as the service writes it: users, channels, and one file for each channel and day."""

import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_LINES = (
    "morning all",
    "the build is red again, can someone look?",
    "<@{who}> could you review this by Friday?",
    "thanks!",
    "on it",
    "deploy is done, watching the graphs",
    "customers report that login fails, this is urgent",
    "lunch at 12?",
    "I moved the document to <https://docs.quay.example/{n}|the folder>",
    "done :tada:",
    "who is on call tonight?",
    "the numbers look fine to me, but let us wait until tomorrow before we tell anyone outside",
    "*reminder*: timesheets are due on Monday",
    "`make test` passes here",
    "+1",
)


def write(path: Path, count: int, seed: int = 1) -> int:
    """Write an export of about `count` messages, one of four in a thread; returns how many bytes."""
    chance = random.Random(seed)
    users = [_user(number) for number in range(40)]
    channels = [_channel(number, users) for number in range(12)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps(channels))
        days = max(1, count // (len(channels) * 25))
        for channel in channels:
            for day in range(days):
                at = datetime(2025, 6, 2, 8, tzinfo=UTC) + timedelta(days=day)
                lines = _day(chance, at, users, count // (len(channels) * days))
                archive.writestr(f"{channel['name']}/{at:%Y-%m-%d}.json", json.dumps(lines))
    return path.stat().st_size


def _user(number: int) -> dict[str, Any]:
    name = f"person{number}"
    profile = {"real_name": f"Person {number}", "display_name": name, "email": f"{name}@quay.example"}
    return {
        "id": f"U{number:08d}",
        "team_id": "T00000001",
        "name": name,
        "deleted": False,
        "is_bot": False,
        "profile": profile,
    }


def _channel(number: int, users: list[dict[str, Any]]) -> dict[str, Any]:
    members = [user["id"] for user in users]
    return {
        "id": f"C{number:08d}",
        "name": f"channel-{number}",
        "created": 1700000000,
        "is_archived": False,
        "members": members,
    }


def _day(chance: random.Random, at: datetime, users: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    for _ in range(count):
        at += timedelta(seconds=chance.randrange(5, 900), microseconds=chance.randrange(10**6))
        user = chance.choice(users)["id"]
        text = chance.choice(_LINES).format(who=chance.choice(users)["id"], n=chance.randrange(1000))
        line: dict[str, Any] = {
            "type": "message",
            "user": user,
            "text": text,
            "ts": f"{at.timestamp():.6f}",
            "team": "T00000001",
        }
        if opened and chance.random() < 0.25:
            root = opened[-1]
            line |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
            root.setdefault("replies", []).append({"user": user, "ts": line["ts"]})
            root |= {"thread_ts": root["ts"], "reply_count": len(root["replies"]), "reply_users": [user]}
        else:
            opened.append(line)
        lines.append(line)
    return lines
