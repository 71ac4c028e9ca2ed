"""Google Calendar as a source: pulls (run.py), and what could not be read, looked at again."""

from collections.abc import AsyncIterator

from app.core.errors import Unreadable
from app.integrations.googlecalendar.asking import LIST, SERVICE, Window, missing_in, next_token, take
from app.integrations.googlecalendar.run import Run
from app.integrations.pulling import Answer, Pull, Pulled
from app.records import Kept, Read


class GoogleCalendar:
    """How calendars are pulled (app.integrations.pulling.Source)."""

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        async for page in Run(pull).pages():
            yield page

    async def replay(self, _pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        """Nothing is stored of a part of a window: the next pull lists it anew. Raises Unreadable where that would fail
        as it did."""
        if not kept.whole:
            if missing := missing_in(kept.value):
                detail = f"The event still can't be read: {missing.lstrip('.')} is missing or of another form."
                raise Unreadable(detail, path=kept.path, service=SERVICE, kept=kept)
        elif kept.tool == LIST:
            answer = Answer(kept.tool, kept.arguments, kept.value, SERVICE)
            take(answer, answer.find("items", list, "events"), Window())
            next_token(answer)
        return ()
