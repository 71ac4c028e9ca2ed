"""The stand-in's Slack answers in the shapes that were measured, and refuses what Slack refuses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.fake_composio.slack import Workspace
from scripts.fake_composio.toolkit import Changeable, ToolFailed, Toolkit
from tests.conftest import SettableClock
from tests.integrations.slack.build import export, message

NOW = datetime(2026, 3, 20, 9, 0, 30, tzinfo=UTC)
HISTORY, THREAD = "SLACK_FETCH_CONVERSATION_HISTORY", "SLACK_FETCH_MESSAGE_THREAD_FROM_A_CONVERSATION"


@pytest.fixture
def space(clock: SettableClock) -> Workspace:
    clock.now = NOW
    space = Workspace(clock)
    for id_, name in (("U1", "Ada"), ("U2", "Ben")):
        space.user(id_, name)
    space.channel("C1", "general")
    return space


def call(space: Workspace, tool: str, **arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = space.tools[tool](arguments)
    return found


def texts(answer: dict[str, Any]) -> list[str]:
    return [each["text"] for each in answer["messages"]]


def test_it_is_a_toolkit_that_can_be_changed(space: Workspace) -> None:
    kit: Toolkit = space

    assert kit.toolkit == "slack"
    assert isinstance(space, Changeable)


@pytest.mark.parametrize(
    ("tool", "name"), [("SLACK_LIST_ALL_USERS", "members"), ("SLACK_LIST_CONVERSATIONS", "channels")]
)
def test_a_list_gives_one_entry_where_no_size_is_asked_for(space: Workspace, tool: str, name: str) -> None:
    space.channel("C2", "random")

    first = call(space, tool)
    second = call(space, tool, cursor=first["response_metadata"]["next_cursor"])

    assert [len(first[name]), len(second[name])] == [1, 1]
    assert second["response_metadata"]["next_cursor"] == ""


def test_history_comes_latest_first_in_pages_without_the_replies(space: Workspace) -> None:
    for at in range(3):
        root = space.post("C1", "U1", f"{at}", at=NOW - timedelta(minutes=10 - at))
    space.post("C1", "U2", "reply", root)

    first = call(space, HISTORY, channel="C1", limit=2)
    second = call(space, HISTORY, channel="C1", limit=2, cursor=first["response_metadata"]["next_cursor"])

    assert (texts(first), first["has_more"]) == (["2", "1"], True)
    assert (texts(second), second["has_more"], second["response_metadata"]["next_cursor"]) == (["0"], False, "")
    assert (first["messages"][0]["reply_count"], first["messages"][0]["reply_users"]) == (1, ["U2"])
    assert "thread_ts" not in first["messages"][1]


def test_the_ends_of_a_range_belong_to_it_where_that_is_asked(space: Workspace) -> None:
    stamps = [space.post("C1", "U1", f"{at}", at=NOW + timedelta(seconds=at)) for at in range(4)]
    within = {"channel": "C1", "oldest": stamps[1], "latest": stamps[3]}

    assert texts(call(space, HISTORY, **within, inclusive=True)) == ["3", "2", "1"]
    assert texts(call(space, HISTORY, **within)) == ["2"]


def test_the_first_message_leads_every_page_of_a_thread(space: Workspace) -> None:
    root = space.post("C1", "U1", "root")
    for at in range(3):
        space.post("C1", "U2", f"reply {at}", root, at=NOW + timedelta(seconds=at + 1))

    first = call(space, THREAD, channel="C1", ts=root, limit=2)
    second = call(space, THREAD, channel="C1", ts=root, limit=2, cursor=first["response_metadata"]["next_cursor"])

    assert (texts(first), texts(second)) == (["root", "reply 0", "reply 1"], ["root", "reply 2"])


def test_a_deleted_message_is_not_there_and_one_with_replies_leaves_a_tombstone(space: Workspace) -> None:
    root, lone = space.post("C1", "U1", "root"), space.post("C1", "U1", "lone")
    reply = space.post("C1", "U2", "reply", root)
    space.delete("C1", root)
    space.delete("C1", lone)
    assert [each["subtype"] for each in call(space, HISTORY, channel="C1")["messages"]] == ["tombstone"]

    space.delete("C1", reply)
    assert call(space, HISTORY, channel="C1")["messages"] == []


def test_edits_and_reactions_are_told(space: Workspace) -> None:
    ts = space.post("C1", "U1", "befor")
    space.edit("C1", ts, "before")
    space.react("C1", ts, "eyes", "U2")

    (shown,) = call(space, HISTORY, channel="C1")["messages"]

    assert (shown["text"], shown["edited"]["user"]) == ("before", "U1")
    assert shown["reactions"] == [{"name": "eyes", "users": ["U2"], "count": 1}]


def test_who_is_no_member_sees_public_channels_and_can_not_read_them(space: Workspace) -> None:
    space.channel("G1", "secret", "private", ["U2"])
    space.leave("C1")
    listed = call(space, "SLACK_LIST_CONVERSATIONS", types="public_channel,private_channel,im,mpim", limit=10)

    assert [(each["id"], each["is_member"]) for each in listed["channels"]] == [("C1", False)]
    for channel, word in (("C1", "not_in_channel"), ("G1", "channel_not_found"), ("C9", "channel_not_found")):
        with pytest.raises(ToolFailed) as caught:
            call(space, HISTORY, channel=channel)
        assert (caught.value.message, caught.value.body()) == (word, {"ok": False, "error": word})


def test_a_direct_talk_names_the_other_and_nothing_else(space: Workspace) -> None:
    space.channel("D1", "", "im", ["U1", "U2"])

    (listed,) = call(space, "SLACK_LIST_CONVERSATIONS", types="im")["channels"]

    assert (listed["user"], "name" in listed, "members" in listed) == ("U2", False, False)


@pytest.mark.parametrize("cursor", ["!", "bmV4dA=="])
def test_cursors_expire_and_others_are_none(space: Workspace, cursor: str) -> None:
    for at in range(3):
        space.post("C1", "U1", f"{at}")
    old = call(space, HISTORY, channel="C1", limit=1)["response_metadata"]["next_cursor"]
    space.expire_cursors()

    for each in (old, cursor):
        with pytest.raises(ToolFailed, match="invalid_cursor"):
            call(space, HISTORY, channel="C1", cursor=each)


def test_search_finds_words(space: Workspace) -> None:
    for text in ("the invoice", "lunch", "another Invoice"):
        space.post("C1", "U1", text)

    found = call(space, "SLACK_SEARCH_MESSAGES", query="invoice in:#general")["messages"]

    assert (found["total"], [each["channel"]["name"] for each in found["matches"]]) == (2, ["general"])


def test_it_is_changed_by_commands(space: Workspace) -> None:
    ts = space.change({"do": "post", "channel": "C1", "user": "U1", "text": "hello", "at": "2026-03-01T12:00:00+00:00"})
    space.change({"do": "edit", "channel": "C1", "ts": ts, "text": "hello!"})

    assert texts(call(space, HISTORY, channel="C1")) == ["hello!"]
    for wrong in ({"do": "explode"}, {"do": "post", "channel": "C9", "user": "U1", "text": ""}, {"do": "edit"}):
        with pytest.raises(ValueError, match=r"explode|C9|edit"):
            space.change(wrong)


def test_a_generated_workspace_is_the_same_for_the_same_seed() -> None:
    first, second = (Workspace(lambda: NOW).generate(6, 300, seed=5) for _ in range(2))

    assert first.channels == second.channels
    assert sum(len(each.messages) for each in first.channels.values()) == 300
    assert {each.sort for each in first.channels.values()} == {"public", "private", "im"}


def test_an_export_becomes_a_workspace(tmp_path: Path) -> None:
    path = export(tmp_path, {"general": [message("from the export")]})

    space = Workspace.from_export(path, now=lambda: NOW)

    assert texts(call(space, HISTORY, channel="C0GENERAL")) == ["from the export"]
