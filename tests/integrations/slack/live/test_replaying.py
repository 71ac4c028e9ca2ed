"""Answers that could not be read are read again after a mend."""

from dataclasses import replace

import pytest

from app.core.errors import Unreadable
from app.integrations.slack.live import calls
from app.records import Item, Kept
from tests.integrations.slack.live.stage import OPS, Stage
from tests.integrations.slack.live.test_failures import changing, renamed


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.world.channel(OPS, "ops", "private")
    stage.say("in ops", channel=OPS, ago=30)
    return stage


async def test_an_answer_that_could_not_be_read_is_read_again_after_a_mend(stage: Stage) -> None:
    stage.alter = changing(calls.HISTORY, renamed("ts", "timestamp"), OPS)
    with pytest.raises(Unreadable) as caught:
        await stage.pull()
    kept = caught.value.kept
    assert isinstance(kept, Kept)
    assert (kept.tool, kept.arguments["channel"], kept.whole) == (calls.HISTORY, OPS, True)
    with pytest.raises(Unreadable):
        await stage.replay(kept)

    reads = await stage.replay(replace(kept, value=renamed("timestamp", "ts")(kept.value)))

    assert [read.what.text for read in reads if isinstance(read.what, Item)] == ["in ops"]


async def test_a_single_message_is_read_again_after_a_mend(stage: Stage) -> None:
    message = stage.world.channels[OPS].shown(stage.world.channels[OPS].tops[0])
    kept = Kept(calls.HISTORY, {"channel": OPS}, "data.messages[3]", {**message, "ts": None}, whole=False)
    with pytest.raises(Unreadable) as caught:
        await stage.replay(kept)
    assert caught.value.path == "data.messages[3]"

    (read,) = await stage.replay(replace(kept, value=message))

    await stage.pull()
    assert isinstance(read.what, Item)
    assert read.what == stage.items[read.what.external_id]


async def test_a_list_that_was_kept_holds_nothing_to_store(stage: Stage) -> None:
    kept = Kept(calls.USERS, {}, "data.members", {"members": [{"id": "U1"}]}, whole=True)

    assert await stage.replay(kept) == ()
    with pytest.raises(Unreadable):
        await stage.replay(replace(kept, value={"people": []}))
