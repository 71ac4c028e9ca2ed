"""What a pull brings: channels, threads, people, direct messages, and what changes at Slack afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from app.integrations.slack.live import calls
from app.records import Person
from tests.integrations.slack.live.stage import ADA, BEN, BOT, CLEO, DIRECT, GENERAL, GROUP, OPS, Run, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_messages_and_threads_arrive(stage: Stage) -> None:
    root = stage.say("Can you look at the invoice?", ago=50)
    stage.say("On it", root, ago=40, user=ADA)
    stage.say("lunch?", ago=30)

    assert await stage.pull()

    assert stage.texts() == ["Can you look at the invoice?", "On it", "lunch?"]
    assert stage.stored() == stage.truth()
    assert (
        stage.items[f"{GENERAL}/{root}"].url == f"https://engine.slack.com/archives/{GENERAL}/p{root.replace('.', '')}"
    )


async def test_nothing_from_before_the_beginning_or_after_the_end_is_read(stage: Stage) -> None:
    stage.say("too early", ago=31 * 24 * 60)
    stage.say("in time", ago=29 * 24 * 60)
    stage.say("too late", ago=-1)

    await stage.pull()

    assert stage.texts() == ["in time"]


async def test_a_reply_to_an_older_message_arrives_with_the_re_reading_of_the_window(stage: Stage) -> None:
    root = stage.say("Old question", ago=3 * 24 * 60)
    await stage.pull()
    stage.now += timedelta(minutes=30)
    stage.say("Late answer", root)

    await stage.later(minutes=61)

    assert stage.texts() == ["Old question", "Late answer"]


async def test_a_reply_in_a_lively_thread_arrives_at_the_next_pull(stage: Stage) -> None:
    root = stage.say("Old question", ago=3 * 24 * 60)
    stage.say("first", root, ago=10)
    stage.say("something else", ago=1)
    await stage.pull()
    stage.now += timedelta(minutes=1)
    stage.say("second", root)

    await stage.later(seconds=30)

    assert "second" in stage.texts()
    assert stage.called(calls.THREAD) == 1


async def test_a_reply_to_a_thread_from_before_the_window_arrives_where_a_known_reply_is_within_it(
    stage: Stage,
) -> None:
    root = stage.say("Very old", ago=10 * 24 * 60)
    stage.say("answer within", root, ago=24 * 60)
    await stage.pull()
    stage.now += timedelta(hours=2)
    stage.say("late", root)

    await stage.later(hours=2)

    assert stage.texts() == ["Very old", "answer within", "late"]


async def test_edits_of_messages_and_replies_are_followed(stage: Stage) -> None:
    root = stage.say("befor", ago=60)
    reply = stage.say("a repli", root, ago=50)
    await stage.pull()
    stage.world.edit(GENERAL, root, "before")
    stage.world.edit(GENERAL, reply, "a reply")

    await stage.later(hours=2)

    assert stage.texts() == ["before", "a reply"]
    assert stage.items[f"{GENERAL}/{root}"].revised_at is not None


async def test_deleted_messages_and_replies_are_gone(stage: Stage) -> None:
    lone, root = stage.say("a mistake", ago=60), stage.say("keep", ago=59)
    reply = stage.say("a wrong answer", root, ago=50)
    stage.say("a right answer", root, ago=40)
    await stage.pull()
    stage.world.delete(GENERAL, lone)
    stage.world.delete(GENERAL, reply)

    await stage.later(hours=2)

    assert stage.texts() == ["keep", "a right answer"]
    assert {name for page in stage.pages for name in page.gone} == {f"{GENERAL}/{lone}", f"{GENERAL}/{reply}"}


async def test_a_reply_of_a_thread_from_before_the_window_that_was_deleted_is_gone(stage: Stage) -> None:
    root = stage.say("Very old", ago=10 * 24 * 60)
    reply = stage.say("wrong", root, ago=24 * 60)
    stage.say("right", root, ago=23 * 60)
    await stage.pull()
    stage.world.delete(GENERAL, reply)

    await stage.later(hours=2)

    assert stage.texts() == ["Very old", "right"]


async def test_a_deleted_message_with_replies_keeps_its_place_and_says_nothing(stage: Stage) -> None:
    root = stage.say("a secret", ago=60)
    stage.say("delete that!", root, ago=50)
    await stage.pull()
    stage.world.delete(GENERAL, root)

    await stage.later(hours=2)

    tombstone = stage.items[f"{GENERAL}/{root}"]
    assert (tombstone.text, tombstone.automation and tombstone.automation.category) == ("", "deleted")
    assert len(stage.items) == 2


async def test_nothing_is_gone_of_a_channel_that_was_left_or_archived(stage: Stage) -> None:
    stage.world.channel(OPS, "ops", "private")
    stage.say("hello")
    stage.say("secret", channel=OPS)
    await stage.pull()
    stage.world.leave(GENERAL)
    stage.world.archive(OPS)

    await stage.later(hours=2)

    assert sorted(stage.texts()) == ["hello", "secret"]
    assert not any(page.gone for page in stage.pages)


async def test_answers_without_messages_prove_no_deletion(stage: Stage) -> None:
    stage.say("Is the yard free?", ago=100)
    await stage.pull()

    def empty(tool: str, arguments: dict[str, Any], run: Run) -> Any:
        is_read = tool in (calls.HISTORY, calls.THREAD)
        return {"ok": True, "messages": [], "has_more": False} if is_read else run(arguments)

    stage.alter = empty
    await stage.later(minutes=90)

    assert stage.called(calls.THREAD) == 1
    assert stage.texts() == ["Is the yard free?"]


async def test_a_new_channel_is_read_from_the_beginning(stage: Stage) -> None:
    await stage.pull()
    stage.world.channel("C0NEW0001", "new")
    stage.say("older than the last pull", channel="C0NEW0001", ago=600)

    await stage.later(minutes=2)

    assert stage.texts() == ["older than the last pull"]


async def test_a_mention_names_the_person_and_somebody_who_just_joined_is_known(stage: Stage) -> None:
    await stage.pull()
    stage.world.user("U0NEW0001", "Nia", "nia@engine.example")
    stage.say(f"<@{ADA}> meet <@U0NEW0001>")

    await stage.later(minutes=2)

    (item,) = stage.items.values()
    assert item.text == "@Ada meet @Nia"
    assert item.sender == Person("Ben Bold", "ben@office.example")
    assert item.recipients == (Person("Ada", "ada@engine.example"), Person("Nia", "nia@engine.example"))


async def test_a_direct_talk_is_addressed_to_the_other_and_its_lines_belong_together(stage: Stage) -> None:
    stage.world.channel(DIRECT, "", "im", [ADA, BEN])
    first = stage.say("morning", channel=DIRECT, ago=600)
    second = stage.say("the invoice?", channel=DIRECT, ago=300)
    stage.say("(a reminder)", channel=DIRECT, ago=200, user=BOT, bot_id="B1", subtype="bot_message")
    third = stage.say("sent", channel=DIRECT, ago=100, user=ADA)
    stage.say("thanks", channel=DIRECT, ago=100 - 361)
    stage.now += timedelta(hours=5)

    await stage.pull()

    found = {item.text: item for item in stage.items.values()}
    assert found["morning"].recipients == (Person("Ada", "ada@engine.example"),)
    assert found["the invoice?"].keys == (f"slack:{DIRECT}/{second}", f"slack:{DIRECT}/{first}")
    assert found["sent"].keys == (f"slack:{DIRECT}/{third}", f"slack:{DIRECT}/{second}")
    assert len(found["(a reminder)"].keys) == len(found["thanks"].keys) == 1


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_what_a_line_of_a_direct_talk_belongs_to_does_not_depend_on_pages(stage: Stage, size: int) -> None:
    stage.world.channel(DIRECT, "", "im", [ADA, BEN])
    lines = [stage.say(f"line {at}", channel=DIRECT, ago=100 - at, user=(ADA, BEN)[at % 2]) for at in range(6)]
    stage.settings = {"page_size": size}

    await stage.pull()
    await stage.later(minutes=1)

    keys = [stage.items[f"{DIRECT}/{ts}"].keys for ts in lines]
    expected = [tuple(f"slack:{DIRECT}/{ts}" for ts in reversed(lines[max(0, at - 1) : at + 1])) for at in range(6)]
    assert keys == expected


async def test_a_group_talk_is_addressed_to_those_its_name_names(stage: Stage) -> None:
    stage.world.channel(GROUP, "mpdm-ada--ben.bold--cleo-1", "mpim", [ADA, BEN, CLEO])
    stage.say("all of you", channel=GROUP)

    await stage.pull()

    (item,) = stage.items.values()
    assert [person.name for person in item.recipients] == ["Ada", "Cleo"]
    assert item.list_id == ""


async def test_what_apps_post_says_so(stage: Stage) -> None:
    stage.say("build ok", user="", subtype="bot_message", bot_id="B1", username="CI")

    await stage.pull()

    (item,) = stage.items.values()
    assert item.automation is not None
    assert (item.sender.name, item.automation.category) == ("CI", "bot")
