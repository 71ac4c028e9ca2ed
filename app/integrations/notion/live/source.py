"""Notion as a source: pulls (run.py), and what could not be read, read again."""

from collections.abc import AsyncIterator, Sequence

from app.core.errors import Rejected, Unreadable
from app.integrations.notion.live.asking import QUERY, QUERY_SOURCE, SCHEMA, SEARCH, SERVICE, lanes_of, opened, rows_of
from app.integrations.notion.live.rows import Row, checked, missing_in, row_of
from app.integrations.notion.live.run import SHARE, Run
from app.integrations.pulling import Answer, Pull, Pulled
from app.records import Kept, Read


class NotionSource:
    """How Notion is pulled (app.integrations.pulling.Source)."""

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        async for page in Run(pull).pages():
            yield page

    async def replay(self, pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        """Rows of a kept answer, or one row of it. Raises Unreadable where the answer still can't be read."""
        answer = opened(Answer(kept.tool, kept.arguments, kept.value, SERVICE))
        if kept.tool == SCHEMA:
            lanes_of(answer, str(kept.arguments.get("database_id", "")))
        elif kept.tool == SEARCH:
            rows_of(answer)
        if kept.tool not in (QUERY, QUERY_SOURCE):
            return ()  # it held no rows; the next pull asks again
        rows, refused = checked(rows_of(answer)) if kept.whole else ([one(kept)], [])
        return (*await read_again(Run(pull), rows, kept), *(Read(each, SERVICE) for each in refused))


def one(kept: Kept) -> Row:
    """The row that was kept by itself. Raises Unreadable where it still can't be read."""
    if missing := missing_in(kept.value):
        detail = f"The row still can't be read: {missing.lstrip('.')} is missing or of another form."
        raise Unreadable(detail, path=kept.path, service=SERVICE, kept=kept)
    return row_of(kept.value)


async def read_again(run: Run, rows: Sequence[Row], kept: Kept) -> list[Read]:
    """The rows, as rows of the table that the kept call asked. Raises Rejected where that can't be read any more."""
    asked = {str(kept.arguments.get(name, "")) for name in ("database_id", "data_source_id")}
    for lane in await run.lanes():
        if asked & {lane.key, lane.source, lane.database} - {""}:
            return await run.reading.reads(rows, (await run.opened(lane)).table)
    raise Rejected(SHARE, service=SERVICE)
