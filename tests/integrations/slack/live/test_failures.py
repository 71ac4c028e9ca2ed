"""Every way an answer can be wrong, and what comes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import NotThere, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable, Upstream
from app.integrations.slack.live import calls
from tests.integrations.slack.live.stage import GENERAL, OPS, Alter, Run, Stage, unaltered

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.world.channel(OPS, "ops", "private")
    root = stage.say("first", ago=60)
    stage.say("reply", root, ago=50)
    stage.say("second", ago=40)
    stage.say("in ops", channel=OPS, ago=30)
    return stage


def changing(tool: str, change: Change, channel: str = "") -> Alter:
    def alter(called: str, arguments: dict[str, Any], run: Run) -> Any:
        concerned = called == tool and channel in ("", arguments.get("channel"))
        return change(run(arguments)) if concerned else run(arguments)

    return alter


def raising(tool: str, error: Upstream, channel: str = "") -> Alter:
    def fail(_data: dict[str, Any]) -> Any:
        raise error

    return changing(tool, fail, channel)


def without(name: str) -> Change:
    return lambda data: {key: value for key, value in data.items() if key != name}


def renamed(old: str, new: str) -> Change:
    """In everything that the answer lists."""

    def change(data: dict[str, Any]) -> Any:
        (name,) = (key for key, value in data.items() if isinstance(value, list))
        entries = [{new if key == old else key: value for key, value in each.items()} for each in data[name]]
        return {**data, name: entries}

    return change


SHAPES: list[tuple[str, Change, str]] = [
    (calls.HISTORY, without("messages"), "data.messages"),
    (calls.HISTORY, lambda data: {**data, "messages": {"0": 1}}, "data.messages"),
    (calls.HISTORY, lambda data: {**data, "messages": None}, "data.messages"),
    (calls.HISTORY, renamed("ts", "timestamp"), "data.messages[0].ts"),
    (calls.HISTORY, lambda data: {**data, "messages": ["a text"]}, "data.messages[0].ts"),
    (calls.HISTORY, lambda data: {**data, "has_more": "yes"}, "data.has_more"),
    (calls.HISTORY, lambda data: {**data, "messages": [], "has_more": True}, calls.CURSOR),
    (calls.HISTORY, lambda _data: [], "data.messages"),
    (calls.HISTORY, lambda _data: "<html>", "data.messages"),
    (calls.THREAD, without("messages"), "data.messages"),
    (calls.THREAD, renamed("ts", "timestamp"), "data.messages[0].ts"),
    (calls.CONVERSATIONS, without("channels"), "data.channels"),
    (calls.CONVERSATIONS, renamed("id", "channel_id"), "data.channels[0].id"),
    (calls.USERS, without("members"), "data.members"),
    (calls.USERS, renamed("id", "user"), "data.members[0].id"),
]


@pytest.mark.parametrize(("tool", "change", "path"), SHAPES)
async def test_another_shape_is_recognised_with_its_path(stage: Stage, tool: str, change: Change, path: str) -> None:
    stage.alter = changing(tool, change)

    with pytest.raises(Unreadable) as caught:
        await stage.pull()

    assert caught.value.path == path
    assert caught.value.service == "Slack"


async def test_a_cursor_that_leads_to_itself_is_no_way_on(stage: Stage) -> None:
    stage.alter = lambda tool, arguments, run: (
        {"ok": True, "messages": [], "response_metadata": {"next_cursor": "x"}}
        if tool == calls.HISTORY
        else run(arguments)
    )

    with pytest.raises(Unreadable) as caught:
        await stage.pull()

    assert caught.value.path == calls.CURSOR


ERRORS: list[Upstream] = [
    Unreachable("Slack does not answer.", service="Slack"),
    TimedOut("Slack took too long.", service="Slack"),
    Throttled("Slack asks us to slow down.", service="Slack", retry_after_s=30),
    Rejected("Slack refuses the call: «invalid_arguments».", service="Slack"),
    Unauthorised("Slack no longer accepts the account. Connect it again.", service="Slack"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("tool", [calls.USERS, calls.CONVERSATIONS, calls.HISTORY, calls.THREAD])
async def test_a_failure_of_the_service_ends_the_pull_and_the_next_goes_on(
    stage: Stage, tool: str, error: Upstream
) -> None:
    stage.alter = raising(tool, error)
    is_for_one = tool == calls.THREAD and isinstance(error, Unauthorised)
    if not is_for_one:
        with pytest.raises(type(error)):
            await stage.pull()

    stage.alter = unaltered
    await stage.pull()

    assert stage.stored() == stage.truth()


WORDS = [
    ("ratelimited", Throttled),
    ("token_revoked", Unauthorised),
    ("invalid_auth", Unauthorised),
    ("internal_error", Unreachable),
    ("invalid_arguments", Rejected),
    ("", Rejected),
]


@pytest.mark.parametrize(("word", "error"), WORDS)
async def test_a_failure_that_stands_in_a_successful_answer_is_one(
    stage: Stage, word: str, error: type[Upstream]
) -> None:
    stage.alter = changing(calls.CONVERSATIONS, lambda _data: {"response_data": {"ok": False, "error": word}})

    with pytest.raises(error) as caught:
        await stage.pull()

    assert type(caught.value) is error


ONE = [
    (Rejected("Slack refuses the call: «not_in_channel».", service="Slack"), "not a member"),
    (NotThere("Slack does not have it: «channel_not_found».", service="Slack"), "does not show it"),
    (Unauthorised("Slack's account lacks access to this.", service="Slack"), "Connect Slack again"),
    (Unauthorised("Slack says «access_denied».", service="Slack"), "denies"),
]


@pytest.mark.parametrize(("error", "why"), ONE)
async def test_one_conversation_that_can_not_be_read_is_named_once_and_the_others_are_read(
    stage: Stage, error: Upstream, why: str
) -> None:
    stage.alter = raising(calls.HISTORY, error, OPS)

    await stage.pull()
    await stage.later(minutes=2)

    assert stage.texts() == ["first", "reply", "second"]
    assert [(each.what, why in each.why) for each in stage.refusals] == [("#ops", True)]

    stage.alter = unaltered
    await stage.later(minutes=2)
    assert stage.stored() == stage.truth()


async def test_where_no_conversation_can_be_read_the_pull_fails(stage: Stage) -> None:
    stage.alter = raising(calls.HISTORY, Rejected("Slack refuses: «not_in_channel».", service="Slack"))

    with pytest.raises(Rejected):
        await stage.pull()


async def test_an_account_that_is_signed_out_between_two_conversations_ends_the_pull(stage: Stage) -> None:
    def sign_out(tool: str, arguments: dict[str, Any], run: Run) -> Any:
        if arguments.get("channel") == OPS or (tool == calls.CONVERSATIONS and stage.called(calls.HISTORY)):
            raise Unauthorised("Slack no longer accepts the account.", service="Slack")
        return run(arguments)

    stage.alter = sign_out
    with pytest.raises(Unauthorised):
        await stage.pull()

    assert stage.refusals == []


async def test_one_message_without_a_time_is_kept_and_named_and_the_others_are_read(stage: Stage) -> None:
    def spoil(data: dict[str, Any]) -> Any:
        first, *rest = data["messages"]
        return {**data, "messages": [{**first, "ts": "soon"}, *rest]}

    stage.alter = changing(calls.HISTORY, spoil, GENERAL)
    await stage.pull()

    assert "first" in stage.texts()
    (refusal,) = stage.refusals
    assert refusal.what == "#general, data.messages[0]"
    assert "«soon»" in refusal.why
    assert refusal.kept is not None
    assert (refusal.kept.path, refusal.kept.whole, refusal.kept.arguments["channel"]) == (
        "data.messages[0]",
        False,
        GENERAL,
    )


STRANGE: dict[str, Change] = {
    "one deeper": lambda data: {"response_data": data},
    "two deeper": lambda data: {"data": {"details": data}},
    "each message twice": lambda data: {**data, "messages": [*data["messages"], *data["messages"]]},
    "in another order": lambda data: {**data, "messages": data["messages"][::-1]},
    "no metadata": without("response_metadata"),
    "null metadata": lambda data: {**data, "response_metadata": None},
    "the cursor one level up": lambda data: {
        **without("response_metadata")(data),
        "next_cursor": data["response_metadata"]["next_cursor"],
    },
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE.keys())
@pytest.mark.parametrize("tool", [calls.HISTORY, calls.THREAD])
async def test_strange_pages_lose_and_double_nothing(stage: Stage, tool: str, change: Change) -> None:
    stage.settings = {"page_size": 2}
    for at in range(5):
        stage.say(f"more {at}", ago=20 - at)
    stage.alter = changing(tool, change)

    await stage.pull()
    await stage.later(minutes=61)

    assert stage.stored() == stage.truth()


async def test_empty_pages_with_a_cursor_are_followed(stage: Stage) -> None:
    names = {calls.USERS: "members", calls.CONVERSATIONS: "channels", calls.HISTORY: "messages"}

    def empty_first(tool: str, arguments: dict[str, Any], run: Run) -> Any:
        if tool in names and "cursor" not in arguments:
            return {"ok": True, names[tool]: [], "response_metadata": {"next_cursor": "skip"}}
        return run({name: value for name, value in arguments.items() if name != "cursor"})

    stage.alter = empty_first
    await stage.pull()

    assert stage.stored() == stage.truth()


async def test_hidden_addresses_and_an_unknown_account_change_nothing_else(stage: Stage) -> None:
    stage.alter = raising(calls.ME, NotThere("Slack lacks it.", service="Slack"))

    await stage.pull()

    assert stage.stored() == stage.truth()
    assert {item.url for item in stage.items.values()} == {""}


async def test_a_cursor_of_another_time_means_reading_again(stage: Stage) -> None:
    await stage.pull()
    stage.cursor = {"channels": "?", "since": 7, "run": []}

    await stage.pull()

    assert stage.stored() == stage.truth()
