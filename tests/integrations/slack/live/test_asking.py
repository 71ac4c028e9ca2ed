"""What is asked of Slack, how often, and for whom."""

from datetime import timedelta

import pytest

from app.integrations.slack.live import calls
from tests.integrations.slack.live.stage import ADA, BEN, CLEO, DIRECT, GENERAL, OPS, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_the_settings_choose_what_is_read(stage: Stage) -> None:
    stage.world.channel(OPS, "ops", "private")
    stage.world.channel("C0RANDOM1", "random")
    stage.world.channel(DIRECT, "", "im", [ADA, BEN])
    for channel in (GENERAL, OPS, "C0RANDOM1", DIRECT):
        stage.say(f"in {channel}", channel=channel)

    stage.settings = {"channels": ["#General", OPS.lower()], "direct_messages": False}
    await stage.pull()
    assert sorted(stage.texts()) == [f"in {GENERAL}", f"in {OPS}"]

    stage.settings = {"exclude": ["random", "@ben bold"]}
    await stage.later(minutes=2)
    assert sorted(stage.texts()) == [f"in {GENERAL}", f"in {OPS}"]


async def test_a_name_that_no_channel_bears_is_told_once(stage: Stage) -> None:
    stage.settings = {"channels": ["general", "genral"]}

    await stage.pull()
    await stage.later(minutes=2)

    assert [each.what for each in stage.refusals] == ["#genral"]


async def test_an_idle_pull_asks_one_question_a_channel(stage: Stage) -> None:
    stage.world.channel(OPS, "ops", "private")
    stage.world.channel(DIRECT, "", "im", [ADA, BEN])
    for channel in (GENERAL, OPS, DIRECT):
        root = stage.say("question", channel=channel, ago=200)
        stage.say("answer", root, channel=channel, ago=199)
        stage.say("last word", channel=channel, ago=180)
    stage.settings = {"reread_minutes": 600}
    await stage.pull()

    await stage.later(minutes=2)

    assert [tool for tool, _ in stage.calls] == [calls.ME, calls.CONVERSATIONS, *[calls.HISTORY] * 3]
    assert len(stage.pages[-1].reads) <= 3
    assert stage.pages[-1].done


async def test_people_are_asked_for_once_an_hour(stage: Stage) -> None:
    await stage.pull()
    await stage.later(minutes=30)
    assert stage.called(calls.USERS) == 0
    await stage.later(minutes=31)
    assert stage.called(calls.USERS) == 1


async def test_one_source_keeps_the_people_of_two_workspaces_apart(stage: Stage) -> None:
    other = Stage(source=stage.source)
    other.world.me = BEN
    other.world.user(CLEO, "Another Cleo")
    for each in (stage, other):
        each.say("hello", user=CLEO)
        await each.pull()
        await each.later(minutes=2)

    assert [item.sender.name for item in stage.items.values()] == ["Cleo"]
    assert [item.sender.name for item in other.items.values()] == ["Another Cleo"]


async def test_of_many_conversations_the_latest_hundred_are_asked_each_time(stage: Stage) -> None:
    for at in range(130):
        stage.say("hello", channel=stage.world.channel(f"C0MANY{at:03}", f"many-{at}"), ago=100 + at)
    stage.settings = {"reread_minutes": 10_000}
    await stage.pull()
    assert len(stage.items) == 130

    await stage.later(minutes=1)
    assert stage.called(calls.HISTORY) == 100


async def test_work_from_an_earlier_day_is_read_once_it_is_wanted(stage: Stage) -> None:
    stage.say("old", ago=40 * 24 * 60)
    await stage.pull()
    assert stage.texts() == []
    stage.since -= timedelta(days=30)

    await stage.later(minutes=2)

    assert stage.texts() == ["old"]
