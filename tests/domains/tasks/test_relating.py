"""Which tasks have to do with each other, and what is proposed as the same: on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.database import Database
from app.domains.tasks import actions, dismissals, duplicates, relating
from app.domains.tasks.relating import Relation
from app.records import Item, Work
from tests.conftest import START, SettableClock
from tests.workflows.given import ASKING, BEN, line, row, take
from tests.workflows.pipeline import Pipeline

HEX = "0123456789abcdef0123456789abcdef"
URL = f"https://www.notion.example/Migrate-the-billing-{HEX}"
BILLING = row(HEX)


@pytest.fixture
def pipeline(database: Database, clock: SettableClock, tmp_path: Path) -> Pipeline:
    clock.advance(days=1)
    return Pipeline(database, clock, tmp_path)


def mail(number: int, subject: str, text: str = "Could you look at it, please?", **given: Any) -> Item:
    item = line(number, text, BEN, subject=subject, keys=(f"{number}@mail.example",), loose=False, list_id="")
    return replace(item, external_id=f"m{number}", revisable=False, **given)


async def task_called(pipeline: Pipeline, title: str, which: int = 0) -> int:
    return [task.id for task in await pipeline.tasks() if title in task.title][which]


async def related(pipeline: Pipeline, task_id: int) -> list[Relation]:
    async with pipeline.database.reading() as session:
        found, _more = await relating.related(session, await actions.get(session, task_id))
    return found


async def dismiss(pipeline: Pipeline, one: int, other: int) -> None:
    async with pipeline.database.writing() as session:
        await dismissals.dismiss(session, one, other, now=START)


async def proposed(pipeline: Pipeline, limit: int = 50) -> list[tuple[int, int]]:
    """All proposed pairs, read page by page."""
    found: list[tuple[int, int]] = []
    cursor = None
    async with pipeline.database.reading() as session:
        while True:
            pairs, cursor = await duplicates.page(session, limit=limit, cursor=cursor)
            assert len(pairs) <= limit
            found += [(pair.later, pair.earlier) for pair in pairs]
            if cursor is None:
                return found


def said(relations: Sequence[Relation]) -> list[tuple[str, str]]:
    return [(each.relation, each.because) for each in relations]


async def test_a_link_relates_both_ends_and_is_quoted(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, line(1, f"{ASKING} It is about {URL}.", links=(f"notion:{HEX}",)))
    billing, thread = await task_called(pipeline, "Migrate"), await task_called(pipeline, "Could you")

    (there,), (here,) = await related(pipeline, thread), await related(pipeline, billing)

    assert (there.task_id, there.relation, there.because) == (billing, "links_to", f"Links to it: “{URL}”.")
    assert (here.task_id, here.relation, here.because) == (thread, "linked_from", f"Links here: “{URL}”.")
    assert there.item_id == here.item_id == (await pipeline.items(thread))[0].id
    assert (there.duplicate, there.may_merge, here.may_merge) == (False, True, True)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"work": Work(fields=(("Plan", f"see {URL}"),))}, URL),
        ({"text": "see the plan"}, "https://www.notion.example/plan"),
    ],
    ids=["in a column", "behind words"],
)
async def test_a_link_that_no_text_holds_shows_where_it_leads(
    pipeline: Pipeline, given: dict[str, Any], shown: str
) -> None:
    target = replace(BILLING, url="https://www.notion.example/plan")
    await take(pipeline, target, row("b" * 32, "Tell everybody", links=(f"notion:{HEX}",), **given), kind="notion")
    billing, telling = [task.id for task in await pipeline.tasks()]

    assert said(await related(pipeline, telling)) == [("links_to", f"Links to it: “{shown}”.")]
    assert said(await related(pipeline, billing)) == [("linked_from", f"Links here: “{shown}”.")]


async def test_a_link_that_comes_before_its_target_finds_it(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING, links=(f"notion:{HEX}",)))
    await take(pipeline, BILLING, kind="notion")

    (found,) = await related(pipeline, await task_called(pipeline, "Migrate"))
    assert found.relation == "linked_from"


async def test_rows_that_link_to_each_other_are_not_to_be_merged(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, row("b" * 32, "Write the announcement", links=(f"notion:{HEX}",)), kind="notion")

    (found,) = await related(pipeline, await task_called(pipeline, "Migrate"))

    assert (found.relation, found.may_merge) == ("linked_from", False)


@pytest.mark.parametrize(
    ("naming", "because"),
    [
        (mail(1, "About: migrate the billing, when?"), "Its subject names the row: “Migrate the billing”."),
        (
            mail(1, "A question", "We Migrate the Billing?"),
            "Its first words name the row: “Migrate the billing”.",
        ),
    ],
    ids=["in its subject", "in its first words"],
)
async def test_a_conversation_that_names_a_row_is_related(pipeline: Pipeline, naming: Item, because: str) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, naming, kind="mbox")
    billing, mails = [task.id for task in await pipeline.tasks()]

    assert said(await related(pipeline, mails)) == [("mentions_title", because)]
    assert said(await related(pipeline, billing)) == [
        ("mentions_title", "Its opening names this row: “Migrate the billing”.")
    ]


async def test_a_conversation_that_names_a_rows_id_is_related(pipeline: Pipeline) -> None:
    await take(pipeline, row(HEX, "Billing", work=Work(own_ids=("OPS-123",))), kind="notion")
    await take(pipeline, mail(1, "Is OPS-123 done?"), mail(2, "Is OPS-1234 done?"), kind="mbox")
    billing, mails, _other = [task.id for task in await pipeline.tasks()]

    assert said(await related(pipeline, mails)) == [("mentions_title", "Its subject names the row's id: “OPS-123”.")]
    assert [(each.task_id, each.because) for each in await related(pipeline, billing)] == [
        (mails, "Its opening names this row's id: “OPS-123”.")
    ]


@pytest.mark.parametrize(
    "other",
    [mail(1, "migrate billing the"), mail(1, "Hello", "x " * 200 + "migrate the billing")],
    ids=["other order", "far below"],
)
async def test_what_does_not_name_it_in_its_opening_is_not_related(pipeline: Pipeline, other: Item) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, other, kind="mbox")

    assert [await related(pipeline, task.id) for task in await pipeline.tasks()] == [[], []]


async def test_only_what_opens_a_conversation_names_a_row(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    answer = line(5, "Or migrate the billing?", BEN, after=1)
    await take(pipeline, line(1, "Lunch?"), answer)

    assert [await related(pipeline, task.id) for task in await pipeline.tasks()] == [[], []]


async def test_a_title_that_many_bear_names_none_of_them(pipeline: Pipeline) -> None:
    await take(pipeline, *(row(f"{number:032x}") for number in range(relating.RECURRING)), kind="notion")
    await take(pipeline, mail(1, "About: migrate the billing"), kind="mbox")

    assert [await related(pipeline, task.id) for task in await pipeline.tasks()] == [[]] * 5


async def test_two_of_one_title_are_proposed_as_one(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, mail(1, "migrate the billing!", sent_at=START + timedelta(days=2)), kind="mbox")
    billing, mails = [task.id for task in await pipeline.tasks()]

    (found,) = await related(pipeline, billing)

    assert (found.task_id, found.relation, found.duplicate, found.may_merge) == (mails, "same_title", True, True)
    assert found.because.endswith("and began 2 days apart.")
    assert await proposed(pipeline) == [(mails, billing)]


async def test_a_title_that_recurs_is_no_duplicate(pipeline: Pipeline) -> None:
    await take(pipeline, *(mail(number, "The weekly report") for number in range(1, 4)), kind="mbox")
    assert len(await proposed(pipeline)) == 3

    await take(pipeline, mail(4, "The weekly report"), kind="mbox")

    assert await proposed(pipeline) == []
    assert [await related(pipeline, task.id) for task in await pipeline.tasks()] == [[]] * 4


@pytest.mark.parametrize("apart", [timedelta(days=90), timedelta(days=91)])
async def test_far_apart_the_same_title_is_another_matter(pipeline: Pipeline, apart: timedelta) -> None:
    late = mail(2, "The annual report", sent_at=START - apart)
    await take(pipeline, mail(1, "The annual report", sent_at=START), late, kind="mbox")

    near = apart <= relating.SAME_MATTER
    assert bool(await proposed(pipeline)) is near
    assert bool(await related(pipeline, (await pipeline.tasks())[0].id)) is near


async def test_what_a_person_told_apart_is_never_shown_together_again(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, mail(1, "Migrate the billing", links=(f"notion:{HEX}",)), kind="mbox")
    billing, mails = [task.id for task in await pipeline.tasks()]

    await dismiss(pipeline, mails, billing)
    await dismiss(pipeline, billing, mails)

    assert await proposed(pipeline) == []
    assert (await related(pipeline, billing), await related(pipeline, mails)) == ([], [])


async def test_a_finished_one_is_related_but_not_in_the_queue_of_duplicates(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, mail(1, "Migrate the billing"), kind="mbox")
    billing, mails = [task.id for task in await pipeline.tasks()]
    await pipeline.complete(mails)

    assert [each.duplicate for each in await related(pipeline, billing)] == [True]
    assert await proposed(pipeline) == []


async def test_what_was_deleted_is_never_shown(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    await take(pipeline, mail(1, "Migrate the billing", links=(f"notion:{HEX}",)), kind="mbox")
    billing, mails = [task.id for task in await pipeline.tasks()]
    await pipeline.delete(mails)

    assert await related(pipeline, billing) == []
    assert await proposed(pipeline) == []


async def test_pages_of_pairs_show_each_once_and_the_newest_first(pipeline: Pipeline) -> None:
    subjects = [f"The matter of {name}" for name in ("ants", "bees", "cats")]
    mails = [mail(number, subjects[number % 3]) for number in range(9)]
    await take(pipeline, *mails, kind="mbox")

    everything = await proposed(pipeline)

    assert len(set(everything)) == len(everything) == 9
    assert everything[0][0] == max(later for later, _ in everything)
    for size in (1, 2, 4):
        assert await proposed(pipeline, size) == everything


async def test_at_most_fifty_are_shown_and_that_there_are_more_is_said(pipeline: Pipeline) -> None:
    await take(pipeline, BILLING, kind="notion")
    links = (f"notion:{HEX}",)
    await take(pipeline, *(line(number, ASKING, links=links) for number in range(relating.MOST + 1)))
    billing = await task_called(pipeline, "Migrate")

    async with pipeline.database.reading() as session:
        found, more = await relating.related(session, await actions.get(session, billing))

    assert (len(found), more) == (50, True)
