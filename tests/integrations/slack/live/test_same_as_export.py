"""A message is the same item whether it was pulled or came with an export."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.records import Item
from scripts.fake_composio.slack import Workspace
from tests.integrations.slack import build
from tests.integrations.slack.build import ADA, BEN, BOT, CLEO, DIRECT, GROUP, message, ts
from tests.integrations.slack.live.stage import Stage

LATER = datetime(2024, 1, 3, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ROOT: dict[str, Any] = {"reply_count": 1, "thread_ts": ts(3), "latest_reply": ts(4)}
TALKS = {
    "general": [
        message(f"<@{BEN}> see <#{build.GENERAL}> and *this*", edited={"user": ADA, "ts": ts(1)}),
        message("who is on call?", 3, **ROOT),
        message("me", 4, user=BEN, thread_ts=ts(3)),
        message("a file", 5, files=[{"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 7}]),
        message("built", 6, user=BOT, bot_id="B0BEACON1", subtype="bot_message"),
        message("nice", 7, user=CLEO, reactions=[{"name": "eyes", "count": 2, "users": [ADA, BEN]}]),
        message("", 8, user=BEN, subtype="channel_join"),
    ],
    "ops": [message("private", user=BEN)],
    DIRECT: [message("hi", user=BEN), message("yes?", 10), message("tell me", 30), message("later", 600, user=BEN)],
    "mpdm-ada--ben--cleo-1": [message("all"), message("here", 5, user=CLEO)],
}


async def pulled(path: Path, me: str) -> dict[str, Item]:
    world = Workspace.from_export(path, now=lambda: LATER, me=me)
    for channel in world.channels.values():
        if world.me not in channel.members:
            world.join(channel.id)
    stage = Stage(now=LATER, since=LONG_AGO, world=world)
    await stage.pull()
    return stage.items


async def test_the_same_messages_both_ways_are_the_same_items(tmp_path: Path) -> None:
    users = [{**each, "name": name} for each, name in zip(build.USERS, ("ada", "ben", "cleo", "beacon"), strict=True)]
    path = build.export(tmp_path, TALKS, users=users)

    live = await pulled(path, ADA)
    exported = {item.external_id: item for item in build.items(path)}

    assert live.keys() == exported.keys()
    assert GROUP in {name.partition("/")[0] for name in live}
    for name, item in exported.items():
        assert without_address(live[name]) == without_address(item)


def without_address(item: Item) -> Item:
    """An export tells the address of its workspace only in some of its files."""
    return replace(item, url="")


@pytest.mark.real_data
async def test_a_real_workspace_both_ways_is_the_same(data_folder: Path) -> None:
    path = data_folder / "slack_foc_2018"
    exported = {item.external_id: item for item in build.items(path)}

    live = await pulled(path, "")

    lone = {name for name, item in exported.items() if item.is_reply and item.keys[1] not in known(exported)}
    assert len(live) > 3000
    assert [name for name, item in live.items() if without_address(item) != without_address(exported[name])] == []
    assert exported.keys() - live.keys() <= lone


def known(items: dict[str, Item]) -> set[str]:
    return {item.keys[0] for item in items.values()}
