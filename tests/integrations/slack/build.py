"""Slack exports for tests, written for them: a small workspace as a folder, a zip, or the Web API's answers."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.integrations.contract import Options
from app.integrations.slack import MANIFEST
from app.integrations.slack.directory import Channel, Directory, Member
from app.integrations.slack.message import opened, to_item
from app.records import Item, Read, Refusal

Message = dict[str, Any]
"""One message as Slack writes it."""

ADA, BEN, CLEO, BOT = "U0ADA0001", "U0BEN0001", "U0CLEO001", "U0BOT0001"
GENERAL, OPS, DIRECT, GROUP = "C0GENERAL", "G0OPS0001", "D0ADABEN1", "G0GROUP01"
NOON = 1_704_110_400
"""2024-01-01 12:00 UTC."""

NAMES = Directory(
    members={
        ADA: Member("Ada", "ada@engine.example", "Europe/London"),
        BEN: Member("Ben Bold", "ben@office.example", "America/New_York"),
        CLEO: Member("Cleo"),
        BOT: Member("Beacon", is_bot=True, bot="B0BEACON1"),
    },
    channels={GENERAL: Channel(GENERAL, "general")},
    groups={"S0OPS0001": "ops"},
    bots={"B0BEACON1": "Beacon"},
    domain="engine",
)


def ts(minutes: float = 0, number: int = 0) -> str:
    """The ts of a message written so many minutes after noon."""
    return f"{NOON + int(minutes * 60)}.{number:06}"


def day(at: str) -> str:
    return f"{datetime.fromtimestamp(float(at), UTC):%Y-%m-%d}"


def message(text: str = "Hello", /, minutes: float = 0, user: str = ADA, **fields: Any) -> Message:
    """A message; a field that is None is left out."""
    whole = {"type": "message", "user": user, "text": text, "ts": ts(minutes), **fields}
    return {name: value for name, value in whole.items() if value is not None}


def user(id_: str, name: str, email: str = "", **fields: Any) -> dict[str, Any]:
    return {"id": id_, "name": name.lower(), "profile": {"display_name": name, "email": email}, **fields}


def channel(id_: str, name: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "created": NOON, "members": [ADA, BEN, CLEO], **fields}


USERS = [
    user(ADA, "Ada", "Ada@Engine.example", tz="Europe/London", tz_offset=0),
    user(BEN, "Ben Bold", "ben@office.example", tz="America/New_York", tz_offset=-18000),
    user(CLEO, "Cleo"),
    user(BOT, "Beacon", is_bot=True),
]
CHANNELS = [channel(GENERAL, "general")]
LISTS: dict[str, Any] = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "groups.json": [channel(OPS, "ops")],
    "dms.json": [{"id": DIRECT, "created": NOON, "members": [ADA, BEN]}],
    "mpims.json": [channel(GROUP, "mpdm-ada--ben--cleo-1")],
}


def days(talks: Mapping[str, Iterable[Message]]) -> dict[str, list[Message]]:
    """Messages by channel folder, sorted into day files."""
    found: dict[str, list[Message]] = {}
    for folder, messages in talks.items():
        for each in messages:
            found.setdefault(f"{folder}/{day(each['ts'])}.json", []).append(each)
    return found


def write(root: Path, files: Mapping[str, Any]) -> Path:
    """Files below `root`: bytes and text as they are, anything else as JSON."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(content))
    return root


def encoded(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def export(root: Path, talks: Mapping[str, Iterable[Message]], **lists: Any) -> Path:
    """An export as a folder; `users=` and the like replace a list of the workspace, None leaves it out."""
    changed = {f"{name}.json": content for name, content in lists.items()}
    files = {name: content for name, content in {**LISTS, **changed}.items() if content is not None}
    return write(root, {**files, **days(talks)})


def zipped(folder: Path, path: Path) -> Path:
    """The folder as the archive that Slack gives."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return path


def read(path: Path) -> list[Read]:
    return list(MANIFEST.reader.read(path, Options()))


def items(path: Path) -> list[Item]:
    return [step.what for step in read(path) if isinstance(step.what, Item)]


def refusals(path: Path) -> dict[str, str]:
    return {step.what.what: step.what.why for step in read(path) if isinstance(step.what, Refusal)}


def item(given: Message, where: Channel | None = None, /) -> Item:
    """One message as an item of #general in the workspace above."""
    return to_item(opened(given), where or Channel(GENERAL, "general"), NAMES)


def said(text: str = "Hello", /, **fields: Any) -> Item:
    return item(message(text, **fields))
