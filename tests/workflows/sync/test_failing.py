"""Whatever a service does, the integration says what is wrong and when it is tried again, or asks a person."""

from datetime import timedelta

import pytest

from app.core import errors
from app.records import Kept
from tests.workflows.sync.scripted import Pulling, page
from tests.workflows.sync.test_pages import mail

KEPT = Kept("TOOL", {}, "data.messages", {"mail": []}, whole=True)


def boom() -> None:
    raise RuntimeError("a defect of ours that names Anna")


@pytest.mark.parametrize(
    ("error", "state", "cause", "category"),
    [
        (errors.Unreachable("No answer."), "retrying", "outage", "network"),
        (errors.TimedOut("Too slow."), "retrying", "outage", "timeout"),
        (errors.Refusing("Not now.", retry_after_s=20), "retrying", "outage", "network"),
        (errors.Throttled("Slow down.", retry_after_s=600), "rate_limited", "throttled", "rate_limit"),
        (errors.Unauthorised("Connect it again."), "needs_reconnect", "access", "authentication"),
        (errors.Rejected("No such label."), "retrying", "refused", "api"),
        (errors.Unreadable("No messages.", path="data.messages", kept=KEPT), "retrying", "unreadable", "api"),
        (boom, "retrying", "defect", "internal"),
    ],
)
async def test_every_failure_has_its_state(
    pulling: Pulling, error: Exception, state: str, cause: str, category: str
) -> None:
    place = await pulling.configured()

    run = await pulling.pull(page(1, mail(1)), error)

    found = await pulling.place(place)
    assert found.last_error is not None
    assert (run.state, found.state, found.failures) == ("failed", state, 1)
    assert (found.last_error["cause"], found.last_error["category"]) == (cause, category)
    assert found.first_failed_at == found.last_failed_at == pulling.pipeline.clock()
    assert "Anna" not in found.last_error["detail"]
    assert (found.next_sync_at is None) == (state == "needs_reconnect")
    assert len(await pulling.pipeline.items()) == 1


async def test_a_service_that_says_when_is_not_asked_before(pulling: Pulling) -> None:
    place = await pulling.configured()

    await pulling.pull(errors.Throttled("Slow down.", retry_after_s=600))

    assert (await pulling.place(place)).next_sync_at == pulling.pipeline.clock() + timedelta(seconds=600)


async def test_five_failures_in_a_row_are_no_hiccup_and_one_success_ends_them(pulling: Pulling) -> None:
    place = await pulling.configured()
    states, waits = [], []
    for _ in range(6):
        await pulling.pull(errors.Unreachable("No answer."))
        found = await pulling.place(place)
        assert found.next_sync_at
        waits.append(found.next_sync_at - pulling.pipeline.clock())
        states.append(found.state)
        pulling.pipeline.clock.now = found.next_sync_at

    assert states == ["retrying"] * 4 + ["failing"] * 2
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(minutes=5.5)

    await pulling.pull(page(1, done=True))
    found = await pulling.place(place)
    assert (found.state, found.failures, found.first_failed_at, found.last_error) == ("ok", 0, None, None)


async def test_a_service_that_is_back_for_one_is_asked_for_all(pulling: Pulling) -> None:
    first, second, refused = [await pulling.configured(name) for name in ("a", "b", "c")]
    for error in (errors.Unreachable("No."), errors.Unreachable("No."), errors.Rejected("Never.")):
        await pulling.pull(error)
    pulling.pipeline.clock.advance(minutes=1)
    async with pulling.database.writing() as session:
        for place, later in ((first, 0), (second, 100), (refused, 100)):
            (await session.get_one(type(await pulling.place(place)), place)).next_sync_at = (
                pulling.pipeline.clock() + timedelta(seconds=later)
            )

    await pulling.pull(page(1, done=True))

    assert (await pulling.place(second)).next_sync_at == pulling.pipeline.clock()
    assert (await pulling.place(refused)).next_sync_at == pulling.pipeline.clock() + timedelta(seconds=100)


async def test_lost_access_waits_for_a_person_and_goes_on_when_asked(pulling: Pulling) -> None:
    place = await pulling.configured()
    await pulling.pull(errors.Unauthorised("Connect it again."))
    pulling.pipeline.clock.advance(days=1)
    await pulling.dispatcher().look()
    assert len(await pulling.runs()) == 1

    run = await pulling.asked(place, page(1, mail(1), done=True))

    assert (run.state, run.reason, (await pulling.place(place)).state) == ("succeeded", "request", "ok")


async def test_an_unreadable_answer_is_kept_whole_for_diagnosis(pulling: Pulling) -> None:
    place = await pulling.configured()

    await pulling.pull(errors.Unreadable("No messages (data.messages).", path="data.messages", kept=KEPT))

    [kept] = await pulling.kept(place)
    assert (kept.whole, kept.path, kept.value, kept.shortened) == (True, "data.messages", {"mail": []}, False)


async def test_settings_that_can_not_be_used_are_told_and_nothing_is_called(pulling: Pulling) -> None:
    place = await pulling.configured(colour=7)

    await pulling.pull(page(1, done=True))

    found = await pulling.place(place)
    assert found.last_error
    assert "colour" in found.last_error["detail"]
    assert pulling.source.seen == []


async def test_a_pull_that_never_says_it_is_done_is_a_defect(pulling: Pulling) -> None:
    place = await pulling.configured()

    await pulling.pull(page(1, mail(1)))

    found = await pulling.place(place)
    assert found.last_error
    assert found.last_error["cause"] == "defect"
