"""Answers of the Web API, recorded calls and events, kept in files."""

from pathlib import Path
from typing import Any

import pytest

from tests.integrations.slack.build import (
    ADA,
    BEN,
    CHANNELS,
    GENERAL,
    USERS,
    items,
    message,
    read,
    refusals,
    ts,
    write,
)

HISTORY = {"ok": True, "messages": [message("newer", minutes=5, user=BEN), message("older")], "has_more": False}


def call(method: str, response: Any, body: str = "") -> dict[str, Any]:
    return {"method": "post", "uri": f"https://slack.com/api/{method}", "request_body": body, "response": response}


def test_answers_beside_each_other_tell_who_and_where(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "users.list.json": {"ok": True, "members": USERS},
            "conversations.list.json": {"ok": True, "channels": CHANNELS},
            "team.info.json": {"ok": True, "team": {"id": "T1", "domain": "engine"}},
            "general.json": HISTORY,
        },
    )

    older, newer = items(path)

    assert (older.text, older.sender.name, older.external_id) == ("older", "Ada", f"{GENERAL}/{ts()}")
    assert newer.url.startswith(f"https://engine.slack.com/archives/{GENERAL}/")
    assert refusals(path) == {}


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("general.json", GENERAL),
        ("general/page-1.json", GENERAL),
        (f"history-{GENERAL}-1.json", GENERAL),
        ("history-C0HIDDEN1.json", "C0HIDDEN1"),
        ("secret.json", "#secret"),
    ],
)
def test_an_answer_alone_belongs_to_the_channel_that_its_file_is_named_after(
    tmp_path: Path, name: str, channel: str
) -> None:
    path = write(tmp_path, {"channels.json": CHANNELS, name: HISTORY})

    assert {item.external_id.partition("/")[0] for item in items(path)} == {channel}


def test_a_recorded_call_says_which_channel_it_asked_for(tmp_path: Path) -> None:
    calls = [
        call("users.list", {"ok": True, "members": USERS}),
        call("conversations.history", HISTORY, f"channel={GENERAL}&limit=100"),
    ]

    steps = read(write(tmp_path, {"recorded.json": calls}) / "recorded.json")

    assert [step.place for step in steps] == [f"recorded.json, call 2, message {at}" for at in (2, 1)]
    assert [step.what.external_id for step in steps] == [f"{GENERAL}/{ts(at)}" for at in (0, 5)]  # type: ignore[union-attr] # items


def test_answers_that_failed_or_hold_nothing_are_explained(tmp_path: Path) -> None:
    calls = [
        call("conversations.history", {"ok": False, "error": "not_in_channel"}),
        call("chat.postMessage", {"ok": False}),
        call("api.test", {"ok": True}),
        call("users.list", {"ok": True, "members": USERS}),
        call("upload", "OK - 18"),
    ]

    failed = "Slack's answer to «conversations.history» says that it failed (ok is false, error «not_in_channel»)."
    silent = "Slack's answer to «chat.postMessage» says that it failed (ok is false, without a reason)."
    assert refusals(write(tmp_path, {"calls.json": calls})) == {
        "calls.json, call 1": failed,
        "calls.json, call 2": silent,
        "calls.json, call 3": "It is Slack's answer to «api.test», which holds no messages.",
        "calls.json, call 5": "It is Slack's answer to «upload», which holds no messages.",
    }


def test_events_give_their_message_or_say_that_there_is_none(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "a.json": {"event": {**message("Hello"), "channel": GENERAL}, "team_id": "T1"},
            "b.json": {"event": {"type": "reaction_added", "user": ADA}, "team_id": "T1"},
        },
    )

    assert [item.external_id for item in items(path)] == [f"{GENERAL}/{ts()}"]
    assert refusals(path) == {"b.json": "It is the event «reaction_added», which holds no message."}


def test_found_posted_and_nested_messages_are_read(tmp_path: Path) -> None:
    hit = {**message("found"), "channel": {"id": GENERAL, "name": "general"}}
    nested = message("root", minutes=1, thread_ts=ts(1), slackdump_thread_replies=[message("reply", minutes=2)])
    path = write(
        tmp_path,
        {
            "a.json": {"ok": True, "messages": {"total": 1, "matches": [hit]}},
            "b.json": {"ok": True, "channel": GENERAL, "ts": ts(3), "message": message("posted", minutes=3)},
            "c.json": {"channel_id": GENERAL, "messages": [nested]},
        },
    )

    assert [item.text for item in items(path)] == ["found", "posted", "root", "reply"]
    assert {item.external_id.partition("/")[0] for item in items(path)} == {GENERAL}


def test_a_cut_answer_gives_the_messages_before_the_cut(tmp_path: Path) -> None:
    cut = '{"ok": true, "messages": [{"type": "message", "text": "kept", "ts": "1704110400.000000"}, {"type": "mess'

    path = write(tmp_path, {"cut.json": cut})

    assert [item.text for item in items(path)] == ["kept"]
    assert refusals(path)["cut.json"].startswith("It is damaged after its entry 1; ")
