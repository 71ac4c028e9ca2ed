"""What could not be read is read again after a mend, and then it is there."""

import pytest

from app.core.errors import Conflict
from app.records import Kept, Read, Refusal
from app.workflows.sync.replaying import replay
from tests.workflows.sync.scripted import Pulling, page
from tests.workflows.sync.test_pages import mail


async def refused(pulling: Pulling, value: object) -> tuple[int, int]:
    place = await pulling.configured()
    kept = Kept("TOOL", {}, "data.messages[0].id", value, whole=False)
    await pulling.pull(page(1, mail(1), Refusal("thing 2", "It has no id.", kept), done=True))
    [answer] = await pulling.kept(place)
    return place, answer.id


async def test_what_is_readable_now_is_stored(pulling: Pulling) -> None:
    place, kept = await refused(pulling, {"item": "late"})
    pulling.source.readable = True

    found = await replay(pulling.syncing(), place, kept)

    assert found.why is None
    assert found.counts
    assert found.counts.new == 1
    assert {item.external_id for item in await pulling.pipeline.items()} == {"m1", "late"}
    [answer] = await pulling.kept(place)
    assert answer.replayed_at == pulling.pipeline.clock()


async def test_what_is_not_says_why(pulling: Pulling) -> None:
    place, kept = await refused(pulling, {"item": "late"})

    found = await replay(pulling.syncing(), place, kept)

    assert (found.why, found.counts) == ("It is still no message.", None)
    assert len(await pulling.pipeline.items()) == 1


async def test_what_was_too_large_to_keep_is_not_stored_by_half(pulling: Pulling) -> None:
    place, kept = await refused(pulling, {"item": "late", "text": "x" * 300_000})
    pulling.source.readable = True

    with pytest.raises(Conflict, match="not kept whole"):
        await replay(pulling.syncing(), place, kept)
    assert len(await pulling.pipeline.items()) == 1


async def test_what_is_stored_is_newer_than_what_was_kept(pulling: Pulling, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, gone = mail(1, unread=True), mail(1, unread=False), mail(2)
    kept = Kept("TOOL", {}, "data", {"item": "m1"}, whole=True)
    place = await pulling.configured()
    await pulling.pull(page(1, old, gone, Refusal("thing", "It has no id.", kept), done=True))
    pulling.pipeline.clock.advance(minutes=3)
    await pulling.pull(page(2, new, gone=("m2",), done=True))

    async def again(_pull: object, _kept: object) -> tuple[Read, ...]:
        return (Read(old, "m1"), Read(gone, "m2"))

    monkeypatch.setattr(pulling.source, "replay", again)
    [answer] = await pulling.kept(place)
    found = await replay(pulling.syncing(), place, answer.id)

    assert found.counts
    assert (found.counts.new, found.counts.unchanged) == (0, 2)
    items = {item.external_id: item for item in await pulling.pipeline.items()}
    assert items["m1"].unread is False
    assert items["m2"].text == ""
    assert len(items) == 2
