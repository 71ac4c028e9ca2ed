"""Lines of a channel: which become tasks, which wait as context, and what claims them later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domains.tasks.models import Task
from app.records import Automation
from tests.conftest import START
from tests.workflows.given import ASKING, BEN, KIM, PLAIN, hashed, line, take
from tests.workflows.pipeline import Pipeline, totals


async def texts(pipeline: Pipeline, task: Task) -> list[str]:
    return [item.text for item in await pipeline.items(task.id)]


async def test_a_line_that_asks_nothing_is_context(pipeline: Pipeline) -> None:
    run = await take(pipeline, line(1))

    assert await pipeline.tasks() == []
    assert (totals(run), run.context, run.tasks_new) == ((1, 0, 0, 0), 1, 0)
    assert [item.text for item in await pipeline.items()] == [PLAIN]


@pytest.mark.parametrize(
    "asking",
    [
        line(1, ASKING),
        line(1, "Has the invoice gone out?", recipients=(BEN,)),
        line(1, "This is urgent: the checkout is broken"),
        line(1, "Production is down, all customers get errors and data is being lost"),
    ],
    ids=lambda item: item.text,
)
async def test_a_line_that_asks_something_is_a_task(pipeline: Pipeline, asking: object) -> None:
    run = await take(pipeline, asking)  # type: ignore[arg-type]

    assert (await pipeline.task()).status == "open"
    assert (run.context, run.tasks_new) == (0, 1)


@pytest.mark.parametrize(
    "idle",
    [
        line(1, "Thanks everybody, that was quick!"),
        line(1, ASKING, automation=Automation("bot", "Posted by the app Deploys.")),
        line(1, "", automation=Automation("deleted", "Its author deleted it.")),
    ],
    ids=["thanks", "a bot", "deleted"],
)
async def test_what_nobody_waits_for_is_context_whatever_it_says(pipeline: Pipeline, idle: object) -> None:
    await take(pipeline, idle)  # type: ignore[arg-type]

    assert await pipeline.tasks() == []


@pytest.mark.parametrize("apart", [False, True], ids=["in one import", "the answer in a later import"])
async def test_a_thread_is_a_task_and_points_to_the_line_it_began_with(pipeline: Pipeline, apart: bool) -> None:
    lines = (line(1, "The new pricing page is live"), line(5, "Looks good to me", BEN, after=1))
    runs = [await take(pipeline, one) for one in lines] if apart else [await take(pipeline, *lines)]

    task = await pipeline.task()
    assert await texts(pipeline, task) == ["The new pricing page is live", "Looks good to me"]
    assert (task.title, task.external_id) == ("The new pricing page is live", "C1/1")
    assert task.url == "https://chat.example/C1/1"
    assert task.opened_at == START + timedelta(minutes=1)
    assert sum(run.tasks_new for run in runs) == 1


async def test_an_answer_that_comes_before_its_question_finds_it(pipeline: Pipeline) -> None:
    await take(pipeline, line(5, "Looks good to me", BEN, after=1))
    await take(pipeline, line(1, "The new pricing page is live"))

    assert (await pipeline.task()).title == "The new pricing page is live"


@pytest.mark.parametrize("apart", [False, True], ids=["in one import", "line by line"])
async def test_a_talk_is_one_task_as_soon_as_one_line_of_it_asks(pipeline: Pipeline, apart: bool) -> None:
    talk = [
        line(1, "hi", list_id=""),
        line(2, "hope you had a good weekend", after=1, loose=True, list_id=""),
        line(3, ASKING, after=2, loose=True, list_id=""),
        line(4, "no idea where it went", after=3, loose=True, list_id=""),
    ]
    for one in [[said] for said in talk] if apart else [talk]:
        await take(pipeline, *one)

    task = await pipeline.task()
    assert sorted(await texts(pipeline, task)) == sorted(item.text for item in talk)
    assert task.title == "hope you had a good weekend"


async def test_other_lines_of_the_channel_stay_context(pipeline: Pipeline) -> None:
    run = await take(pipeline, line(1), line(2, ASKING), line(3), line(4, "On it", BEN, after=2))

    assert len(await texts(pipeline, await pipeline.task())) == 2
    assert run.context == 2


async def test_an_edit_replaces_what_was_written(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING), line(2, "Sure", BEN, after=1))
    later = START + timedelta(hours=1)

    run = await take(pipeline, line(1, "Could you please send me the signed contract?", revised_at=later))

    assert totals(run) == (0, 1, 0, 0)
    task = await pipeline.task()
    assert task.title == "Could you please send me the signed contract?"
    assert "due_at" not in await pipeline.facts(task.id)


async def test_an_older_export_does_not_take_an_edit_back(pipeline: Pipeline) -> None:
    edited = line(1, "Could you please send me the signed contract?", revised_at=START + timedelta(hours=1))
    await take(pipeline, edited)

    run = await take(pipeline, line(1, ASKING))

    assert totals(run) == (0, 0, 1, 0)
    assert (await pipeline.task()).title == edited.text


async def test_a_line_that_asks_since_it_was_edited_becomes_a_task(pipeline: Pipeline) -> None:
    await take(pipeline, line(1))
    run = await take(pipeline, line(1, ASKING, revised_at=START + timedelta(hours=1)))

    assert (await pipeline.task()).title == ASKING
    assert (totals(run), run.context) == ((0, 1, 0, 0), 0)


async def test_two_wordings_whose_times_say_nothing_come_to_the_same_end_each_time(pipeline: Pipeline) -> None:
    both = (line(1, ASKING), line(1, "Could you please send me the contract?"))
    await take(pipeline, *both)
    before = await pipeline.dump()

    run = await take(pipeline, *both)

    assert totals(run) == (0, 0, 2, 0)
    assert await pipeline.dump() == before
    assert (await pipeline.task()).title == ASKING


async def test_a_line_that_was_deleted_at_its_source_asks_nothing_any_more(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING))
    gone = Automation("deleted", "Its author deleted it.")

    await take(pipeline, line(1, "", automation=gone, revised_at=START + timedelta(hours=1)))

    task = await pipeline.task()
    assert (task.status, task.status_reason) == (
        "not_for_us",
        "It was deleted at its source. Its author deleted it.",
    )


async def test_an_older_export_does_not_bring_back_what_was_deleted(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING))
    await take(pipeline, line(1, "", automation=Automation("deleted", "Its author deleted it.")))

    run = await take(pipeline, line(1, ASKING))

    assert totals(run) == (0, 0, 1, 0)
    assert (await pipeline.task()).status == "not_for_us"


async def test_reactions_come_and_go_without_touching_the_words(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING, labels=(":eyes: 1",)))
    run = await take(pipeline, line(1, ASKING))

    assert totals(run) == (0, 1, 0, 0)
    (item,) = await pipeline.items()
    assert (item.labels, item.text) == ([], ASKING)


async def test_a_tick_under_the_question_ends_its_turn(pipeline: Pipeline) -> None:
    asked = line(1, ASKING, recipients=(replace(KIM, address="us@watch.example"),))
    await take(pipeline, asked)
    assert (await pipeline.task()).turn == "ours"

    await take(pipeline, replace(asked, labels=(":white_check_mark: 1",)))

    assert (await pipeline.task()).turn is None


async def test_in_a_channel_of_our_own_a_question_of_ours_waits_for_us(pipeline: Pipeline) -> None:
    us = replace(KIM, address="us@watch.example")
    await take(pipeline, line(1, ASKING, us))

    assert (await pipeline.task()).turn == "ours"


async def test_with_others_in_the_channel_our_question_waits_for_them(pipeline: Pipeline) -> None:
    us = replace(KIM, address="us@watch.example")
    await take(pipeline, line(1, "Could you check this?"), line(2, "What do you see there, Anna?", us, after=1))

    assert (await pipeline.task()).turn == "theirs"


async def test_importing_a_channel_again_changes_nothing(pipeline: Pipeline) -> None:
    lines = [
        hashed(line(n, ASKING if n % 5 == 0 else PLAIN, after=n - 1 if n % 7 == 0 else None)) for n in range(1, 40)
    ]
    await take(pipeline, *lines)
    before = await pipeline.dump()

    run = await take(pipeline, *lines)

    assert totals(run) == (0, 0, len(lines), 0)
    assert await pipeline.dump() == before


@pytest.mark.parametrize("size", [1, 3, 250])
async def test_how_lines_fall_into_pages_makes_no_difference(pipeline: Pipeline, size: int) -> None:
    pipeline.in_pages_of(size)
    lines = [line(1), line(2, ASKING), line(3, after=1), line(4), line(5, after=2), line(6, after=4)]

    await take(pipeline, *lines)

    found = [[item.external_id for item in await pipeline.items(task.id)] for task in await pipeline.tasks()]
    conversations = sorted(sorted(ids) for ids in found)
    assert conversations == [["C1/1", "C1/3"], ["C1/2", "C1/5"], ["C1/4", "C1/6"]]
