"""What happens to a task when mail comes in: people's decisions stand, and only news wakes or reopens it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domains.tasks import rules
from tests.conftest import START
from tests.workflows.mailbox import ANNA, BEN, US, answer, mail, newsletter
from tests.workflows.pipeline import Pipeline

LATER = "2026-03-02T15:00"
DUE = datetime(2026, 4, 1, 12, tzinfo=UTC)


def more(text: str = "Any news on this?", **given: str) -> bytes:
    """Anna writes again in the afternoon."""
    return answer(
        "one@client.example", text, **({"id": "more@client.example", "at": LATER, "sender": ANNA, "to": US} | given)
    )


OUT_OF_OFFICE = mail(
    "I am away until Monday.",
    id="away@client.example",
    at=LATER,
    subject="Automatic reply: The signed offer",
    refs="one@client.example",
    headers={"Auto-Submitted": "auto-replied"},
)

PEOPLES: dict[str, Any] = {
    "title": "Offer for Anna",
    "due_at": DUE,
    "assignee": "Kim",
    "notes": "She called twice.",
    "priority": "high",
    "project": "Offers",
    "scheduled_at": datetime(2026, 3, 20, 9, tzinfo=UTC),
}


@pytest.mark.parametrize("then", [mail(), more("Could you sign it by 9 March?", subject="Re: Something else")])
async def test_what_a_person_set_survives_imports(pipeline: Pipeline, then: bytes) -> None:
    await pipeline.take(mail())
    await pipeline.edit((await pipeline.task()).id, labels=["mine"], **PEOPLES)

    await pipeline.take(mail(), then)

    task = await pipeline.task()
    assert {name: getattr(task, name) for name in PEOPLES} == PEOPLES
    values = await pipeline.values()
    assert (values["labels"], values["title"], values["due_at"]) == (("mine",), "Offer for Anna", DUE)


async def test_news_wakes_a_snoozed_task_with_a_line_in_its_history(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await pipeline.snooze((await pipeline.task()).id, days=7)

    await pipeline.take(more())

    task = await pipeline.task()
    assert (task.status, task.snoozed_until) == ("open", None)
    assert await pipeline.history(task.id) == ["snooze", "woke"]


async def test_news_reopens_a_finished_task_with_a_line_in_its_history(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await pipeline.complete((await pipeline.task()).id)

    await pipeline.take(more())

    task = await pipeline.task()
    assert task.status == "open"
    assert await pipeline.history(task.id) == ["complete", "reopened"]


@pytest.mark.parametrize(
    "silent",
    [
        pytest.param(answer("one@client.example"), id="our own answer"),
        pytest.param(OUT_OF_OFFICE, id="an automatic reply"),
        pytest.param(more(at="2026-03-01T09:00"), id="an older message that arrives late"),
        pytest.param(mail(), id="the same message"),
        pytest.param(mail(headers={"X-Gmail-Labels": "Starred"}), id="a label"),
    ],
)
@pytest.mark.parametrize("status", ["done", "snoozed"])
async def test_what_is_no_news_lets_a_task_rest(on_sqlite: Pipeline, silent: bytes, status: str) -> None:
    await on_sqlite.take(mail())
    task_id = (await on_sqlite.task()).id
    await (on_sqlite.complete(task_id) if status == "done" else on_sqlite.snooze(task_id, days=7))

    await on_sqlite.take(silent)

    assert (await on_sqlite.task()).status == status


async def test_a_declined_task_stays_declined(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await pipeline.act((await pipeline.task()).id, "decline", rules.decline("Not ours to sign"))

    await pipeline.take(mail(), more())

    task = await pipeline.task()
    assert (task.status, task.status_reason) == ("declined", "Not ours to sign")


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(mail(), id="the same message"),
        pytest.param(more(), id="an answer by its ids"),
        pytest.param(
            mail(
                id="x@partner.example",
                at=LATER,
                sender=BEN,
                subject="Re: The signed offer",
                refs="rewritten@list.example",
            ),
            id="an answer by its subject",
        ),
    ],
)
async def test_the_conversation_of_a_deleted_task_never_comes_back(pipeline: Pipeline, then: bytes) -> None:
    await pipeline.take(mail())
    await pipeline.delete((await pipeline.task()).id)

    await pipeline.take(then)

    assert await pipeline.tasks() == []


async def test_a_newsletter_is_not_for_us_and_says_why(pipeline: Pipeline) -> None:
    run = await pipeline.take(newsletter())

    task = await pipeline.task()
    assert task.status == "not_for_us"
    assert "List-Unsubscribe" in (task.status_reason or "")
    assert run.tasks_not_for_us == 1


async def test_a_newsletter_made_a_task_stays_one(pipeline: Pipeline) -> None:
    await pipeline.take(newsletter())
    await pipeline.act((await pipeline.task()).id, "reopen", rules.reopen)

    await pipeline.take(newsletter(), newsletter("next@shop.example", at=LATER, subject="Spring prices"))

    assert (await pipeline.tasks())[0].status == "open"


async def test_a_person_who_answers_in_it_makes_it_work(pipeline: Pipeline) -> None:
    await pipeline.take(newsletter())

    await pipeline.take(answer("news@shop.example", "Shall we order?", sender=BEN, to=US, subject="Fwd: Spring prices"))

    task = await pipeline.task()
    assert (task.status, task.status_reason) == ("open", None)
    assert await pipeline.history(task.id) == ["set_aside", "became_work"]


async def test_a_snooze_that_is_over_wakes_the_task(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await pipeline.snooze((await pipeline.task()).id, hours=3)

    pipeline.clock.now = START.replace(hour=11, minute=59)
    assert (await pipeline.due()).woken == 0
    pipeline.clock.now = START.replace(hour=12)
    assert (await pipeline.due()).woken == 1

    task = await pipeline.task()
    assert (task.status, await pipeline.history(task.id)) == ("open", ["snooze", "woke"])


async def test_a_due_date_that_a_person_cleared_stays_cleared(pipeline: Pipeline) -> None:
    asking = mail("Please sign it by 9 March.")
    await pipeline.take(asking)
    task = await pipeline.task()
    assert task.due_at is not None
    await pipeline.edit(task.id, due_at=None)

    await pipeline.take(asking, more("Please sign it by 10 March at the latest."))

    assert (await pipeline.task()).due_at is None
    assert "due_at" not in await pipeline.values()


async def test_a_message_dated_in_the_future_does_not_make_later_ones_old(pipeline: Pipeline) -> None:
    await pipeline.take(mail(id="one@client.example"), more(id="wrong@client.example", at="2038-01-19T03:14"))
    await pipeline.complete((await pipeline.task()).id)
    pipeline.clock.advance(days=1)

    await pipeline.take(more(at=f"{pipeline.clock():%Y-%m-%dT%H:%M}"))

    assert (await pipeline.task()).status == "open"
