"""A subject that thousands of conversations share: threading looks at few of them, and an answer finds its own."""

from datetime import timedelta

import pytest

from app.domains.tasks import threading
from app.domains.tasks.threading import Threads
from app.records import Item, Person
from tests.workflows.mailbox import MONDAY, US, answer, mail, moment
from tests.workflows.pipeline import Pipeline

SUBJECT = "New contact form entry"


def entries(count: int) -> list[bytes]:
    """Entries of a contact form, a minute apart, each from another person."""
    return [
        mail(
            f"Could you call me? I am number {number}.",
            id=f"form{number}@x.example",
            at=(moment(MONDAY) + timedelta(minutes=number)).isoformat(),
            sender=f"Person {number} <person{number}@client.example>",
            subject=SUBJECT,
        )
        for number in range(count)
    ]


async def looked_at(pipeline: Pipeline, *items: Item) -> Threads:
    async with pipeline.database.reading() as session:
        return await threading.load(session, items)


def item(minute: int, *keys: str, is_reply: bool = False) -> Item:
    return Item(
        external_id=keys[0],
        sent_at=moment(MONDAY) + timedelta(minutes=minute),
        sender=Person("", US),
        subject_key=SUBJECT.casefold(),
        is_reply=is_reply,
        keys=keys,
    )


async def test_one_more_of_a_kind_looks_at_none_of_those_before(pipeline: Pipeline) -> None:
    await pipeline.take(*entries(30))

    threads = await looked_at(
        pipeline, item(31, "form31@x.example"), item(32, "re@x", "form31@x.example", is_reply=True)
    )

    assert threads.by_subject == {}


async def test_it_looks_at_answers_that_came_before_their_question(pipeline: Pipeline) -> None:
    await pipeline.take(*entries(3), answer("lost@x.example", subject=f"Re: {SUBJECT}", at="2026-04-20T08:00"))

    (threads,) = (await looked_at(pipeline, item(60 * 24 * 40, "late@x.example"))).by_subject.values()

    assert [thread.rooted for thread in threads] == [False]


async def test_an_answer_without_usable_ids_looks_at_the_newest(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "MOST_OF_A_SUBJECT", 5)
    await pipeline.take(*entries(30), mail(subject="Something else"))

    (threads,) = (await looked_at(pipeline, item(30, "re@x.example", is_reply=True))).by_subject.values()

    assert [thread.first_at for thread in threads] == [moment(MONDAY) + timedelta(minutes=m) for m in range(25, 30)]


async def test_an_answer_without_usable_ids_goes_to_the_newest_question_before_it(pipeline: Pipeline) -> None:
    await pipeline.take(*entries(3), mail(id="later@x.example", subject=SUBJECT, at="2026-03-20T08:00"))
    await pipeline.take(answer("rewritten@x.example", subject=f"Re: {SUBJECT}", at="2026-03-04T08:00"))

    answered = [task for task in await pipeline.tasks() if len(await pipeline.items(task.id)) == 2]

    assert [task.external_id for task in answered] == ["form2@x.example"]
