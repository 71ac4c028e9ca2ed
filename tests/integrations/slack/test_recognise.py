"""What is taken for an export of Slack, judged by content."""

from pathlib import Path
from typing import Any

import pytest

from app.integrations.slack import MANIFEST
from tests.integrations.slack.build import LISTS, USERS, export, message, write, zipped

recognises = MANIFEST.reader.recognises


def test_exports_are_recognised_in_every_wrapping(tmp_path: Path) -> None:
    folder = export(tmp_path / "a", {"general": [message()]})

    assert recognises(folder)
    assert recognises(zipped(folder, tmp_path / "a.zip"))
    assert recognises(export(tmp_path / "b" / "Engine export", {"general": [message()]}).parent.parent)
    assert recognises(write(tmp_path / "c", {"general/2024-01-01.json": [message()]}))
    assert recognises(write(tmp_path / "d", LISTS))


@pytest.mark.parametrize(
    "content",
    [
        {"ok": True, "messages": [message()]},
        {"ok": True, "members": USERS, "cache_ts": 1},
        {"ok": False, "error": "not_authed", "channels": []},
        [message()],
        [{"uri": "https://slack.com/api/users.list", "response": {"ok": True}}],
        {"token": "", "team_id": "T1", "api_app_id": "A1", "event": message(), "authorizations": []},
    ],
)
def test_answers_of_the_web_api_are_recognised(tmp_path: Path, content: Any) -> None:
    assert recognises(write(tmp_path, {"kept.json": content}) / "kept.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tasks.json", [{"title": "Buy milk", "due": "2024-01-01"}]),
        ("users.json", [{"id": 1, "name": "Ada", "profile": {}}]),
        ("page.json", {"object": "page", "id": "0123456789abcdef0123456789abcdef"}),
        ("weather/2024-01-01.json", {"temperature": 3}),
        ("messages.json", {"messages": [{"id": "18c", "threadId": "18c", "snippet": "Hello"}]}),
        ("health.json", {"ok": True}),
        ("export.json", [{"uuid": "1", "description": "x", "status": "pending", "entry": "20240101T000000Z"}]),
        ("empty.json", b""),
        ("one.eml", b"From: a@b.example\nSubject: x\n\nHello"),
        ("box.zip", b"PK\x03\x04 no archive"),
    ],
)
def test_other_things_are_not(tmp_path: Path, name: str, content: Any) -> None:
    path = write(tmp_path, {name: content})

    assert not recognises(path)
    assert not recognises(path / name)
