"""Whatever the size of pages, and wherever a pull is broken off, what is stored is what the workspace holds."""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.slack.live import calls
from tests.integrations.slack.live.stage import ADA, BEN, CLEO, DIRECT, GENERAL, OPS, Run, Stage


def filled(seed: int, count: int) -> Stage:
    """Messages, threads and lines of a direct talk of the last five days."""
    stage, chance = Stage(), random.Random(seed)  # noqa: S311 (a made-up workspace)
    stage.world.channel(OPS, "ops", "private", [ADA, BEN])
    stage.world.channel(DIRECT, "", "im", [ADA, CLEO])
    roots: dict[str, list[str]] = {}
    for number in range(count):
        channel = chance.choice([GENERAL, GENERAL, OPS, DIRECT])
        thread = chance.choice(roots[channel]) if roots.get(channel) and chance.random() < 0.5 else None
        more = {"subtype": "thread_broadcast"} if thread and chance.random() < 0.2 else {}
        ago = (count - number) * 5 * 24 * 60 / count
        ts = stage.say(f"{number}", thread, channel=channel, ago=ago, user=chance.choice([ADA, CLEO]), **more)
        if thread is None:
            roots.setdefault(channel, []).append(ts)
    return stage


def changed(stage: Stage, seed: int) -> None:
    """Edits, deletions and late replies, all within the window."""
    chance = random.Random(seed)  # noqa: S311 (made-up changes)
    for channel in stage.world.channels.values():
        for ts in list(channel.messages):
            fate = chance.random()
            if ts not in channel.messages or fate > 0.5:
                continue
            root = channel.messages[ts].get("thread_ts", ts)
            if fate < 0.15:
                stage.world.delete(channel.id, ts)
            elif fate < 0.3:
                stage.world.edit(channel.id, ts, f"edited {ts}")
            elif root in channel.messages:
                stage.say(f"late {ts}", root, channel=channel.id, ago=chance.random() * 50)


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 40),
    size=st.integers(1, 12),
    most=st.integers(1, 12),
    stops=st.lists(st.integers(1, 3), max_size=60),
)
@settings(max_examples=150, deadline=None)
async def test_an_interrupted_pull_ends_like_an_uninterrupted_one(
    seed: int, count: int, size: int, most: int, stops: list[int]
) -> None:
    stage = filled(seed, count)
    stage.settings, stage.world.most = {"page_size": size, "window_days": 6}, most
    await until_done(stage, stops)
    assert stage.stored() == stage.truth()

    stage.now += timedelta(minutes=70)
    changed(stage, seed)
    await until_done(stage, stops[::-1])
    assert stage.stored() == stage.truth()

    whole = Stage(now=stage.now, world=stage.world)
    await whole.pull()
    whole_keys = {name: item.keys for name, item in whole.items.items()}
    assert {name: item.keys for name, item in stage.items.items()} == whole_keys


async def until_done(stage: Stage, stops: list[int]) -> None:
    for pages in stops:
        if await stage.pull(pages):
            return
    await stage.pull()


@pytest.mark.parametrize("size", [1, 3])
async def test_a_pull_that_is_broken_off_behind_every_page_comes_to_its_end(size: int) -> None:
    stage = filled(7, 30)
    stage.settings = {"page_size": size}
    for again in (False, True):
        if again:
            stage.now += timedelta(minutes=70)
            changed(stage, 7)
        rounds = 0
        while not await stage.pull(1):
            rounds += 1
            assert rounds < 200
        assert stage.stored() == stage.truth()


async def test_no_page_is_larger_than_was_asked_for_however_long_a_thread_is() -> None:
    stage = Stage(settings={"page_size": 10})
    root = stage.say("long", ago=100)
    for at in range(55):
        stage.say(f"reply {at}", root, ago=90 - at)

    await stage.pull()

    assert len(stage.items) == 56
    assert max(len(page.reads) for page in stage.pages) == 10
    assert [page.part for page in stage.pages] == sorted(page.part or 0 for page in stage.pages)


async def test_a_message_posted_between_pages_belongs_to_the_next_pull() -> None:
    stage = Stage(settings={"page_size": 2})
    for at in range(5):
        stage.say(f"{at}", ago=50 - at)
    posted: list[str] = []

    def post_meanwhile(tool: str, arguments: dict[str, Any], run: Run) -> Any:
        data = run(arguments)
        if tool == calls.HISTORY and not posted:
            posted.append(stage.world.post(GENERAL, BEN, "meanwhile", at=stage.now + timedelta(seconds=1)))
        return data

    stage.alter = post_meanwhile
    await stage.pull()
    assert stage.texts() == ["0", "1", "2", "3", "4"]

    await stage.later(minutes=2)
    assert stage.texts() == ["0", "1", "2", "3", "4", "meanwhile"]


async def test_what_was_written_while_a_pull_was_down_is_part_of_its_end() -> None:
    stage = Stage(settings={"page_size": 2})
    for at in range(6):
        stage.say(f"{at}", ago=50 - at)
    await stage.pull(1)
    stage.now += timedelta(minutes=30)
    stage.say("while it was down")

    assert await stage.pull()

    assert stage.stored() == stage.truth()


async def test_a_cursor_that_expires_between_pages_costs_one_question() -> None:
    stage = Stage(settings={"page_size": 2})
    root = stage.say("root", ago=60)
    for at in range(6):
        stage.say(f"{at}", ago=50 - at)
        stage.say(f"reply {at}", root, ago=30 - at)

    def expire(_tool: str, arguments: dict[str, Any], run: Run) -> Any:
        data = run(arguments)
        if stage.called() % 2 == 0:
            stage.world.expire_cursors()
        return data

    stage.alter = expire
    await stage.pull()

    assert stage.stored() == stage.truth()


async def test_the_cursor_stays_small() -> None:
    stage = filled(3, 200)

    await stage.pull()

    assert len(str(stage.cursor)) < 1500
