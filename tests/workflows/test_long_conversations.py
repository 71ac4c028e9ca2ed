"""A conversation of thousands of messages: deriving it holds its messages, and little of its rows beside them."""

import tracemalloc
from datetime import timedelta

from app.domains.tasks.sources import sources_of
from tests.workflows.mailbox import MONDAY, mail, moment
from tests.workflows.pipeline import Pipeline


async def test_the_rows_of_a_long_conversation_are_turned_into_messages_a_few_at_a_time(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(*(message(number) for number in range(2000)))
    task = await on_sqlite.task()

    async with on_sqlite.database.reading() as session:
        await sources_of(session, [])  # statements are compiled once
        tracemalloc.start()
        try:
            sources = await sources_of(session, [task.id])
            kept, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert len(sources.messages[task.id]) == 2000
    assert peak < 1.8 * kept


def message(number: int) -> bytes:
    at = (moment(MONDAY) + timedelta(minutes=number)).isoformat()
    return mail("Could you look?", id=f"m{number}@x.example", at=at, refs="m0@x.example" if number else "")
