"""Slack as a source of work: pulling, and reading again what could not be read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from app.core.errors import Unreadable
from app.integrations.pulling import Answer, Pull, Pulled
from app.integrations.slack.directory import Directory, unlisted
from app.integrations.slack.live import calls as tools
from app.integrations.slack.live import failures
from app.integrations.slack.live.calls import Calls, Page, page_of
from app.integrations.slack.live.course import Course
from app.integrations.slack.live.people import Me, People, conversations, me
from app.integrations.slack.live.reading import Reading
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.standing import standing
from app.integrations.slack.values import text
from app.records import Kept, Read, Refusal

LISTS = {tools.USERS: "members", tools.CONVERSATIONS: "channels"}
MOST_KEPT = 10
"""Workspaces whose people are remembered."""
UNKNOWN = "No conversation that this account can see is called so. Correct the name in the settings."


class Slack:
    """Remembers the people of workspaces for an hour, by account: one object may serve all integrations."""

    def __init__(self) -> None:
        self._people: dict[Me, People] = {}

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        settings: SlackSettings = pull.settings
        calls = Calls(pull.tools, settings.page_size)
        people = await self._people_now(calls, pull.until)
        channels, unknown = await conversations(calls, settings, people)
        course = Course(pull, settings, calls, people, channels, standing(pull.cursor, pull.since))
        for name in unknown:
            course.warn(f"?{name}", f"#{name}", "unknown", UNKNOWN)
        async for page in course.pages():
            yield page

    async def replay(self, pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        answer = Answer(kept.tool, kept.arguments, kept.value, failures.SERVICE)
        if kept.tool not in (tools.HISTORY, tools.THREAD):
            if kept.tool in LISTS:
                page_of(answer, LISTS[kept.tool])
            return ()
        page = page_of(answer, "messages") if kept.whole else Page(answer, [kept.value], "", more=False)
        return await self._read(pull, page, kept)

    async def _read(self, pull: Pull, page: Page, kept: Kept) -> tuple[Read, ...]:
        settings: SlackSettings = pull.settings
        calls = Calls(pull.tools, settings.page_size)
        people = await self._people_now(calls, pull.until)
        await conversations(calls, settings, people)
        name = text(kept.arguments.get("channel"))
        channel = people.names.channels.get(name) or unlisted(name)
        reading = Reading(calls, people, channel, pull.until)
        found, refused, names = await reading.opened(page)
        if refused and not kept.whole:
            raise Unreadable(refused[0].why, path=kept.path, service=failures.SERVICE, kept=kept)
        given: list[Read] = [_placed(each) for each in refused]
        for at, message in enumerate(found):
            before = await reading.before(message, found[:at], names, is_all=False)
            given.append(Read(reading.item(message, names, before), f"{people.title(channel)}, {message.ts}"))
        return tuple(given)

    async def _people_now(self, calls: Calls, now: datetime) -> People:
        who = await me(calls)
        known = self._people.pop(who, None) if who.user else None
        people = replace(known) if known else People(who.user, Directory(domain=who.domain))
        await people.refresh(calls, now)
        if who.user:
            self._people[who] = people
            for oldest in list(self._people)[:-MOST_KEPT]:
                del self._people[oldest]
        return people


def _placed(refusal: Refusal) -> Read:
    return Read(refusal, refusal.what)
