"""Slack as a source of work: pulling, and reading again what could not be read."""

from collections.abc import AsyncIterator

from app.core.errors import Unreadable
from app.integrations.pulling import Answer, Pull, Pulled, Tools
from app.integrations.slack.directory import unlisted
from app.integrations.slack.live import calls as tools
from app.integrations.slack.live import failures
from app.integrations.slack.live.calls import Calls, Page, page_of
from app.integrations.slack.live.course import Course
from app.integrations.slack.live.people import People, conversations
from app.integrations.slack.live.reading import Reading
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.standing import standing
from app.integrations.slack.values import text
from app.records import Kept, Read, Refusal

LISTS = {tools.USERS: "members", tools.CONVERSATIONS: "channels"}
UNKNOWN = "No conversation that this account can see is called so. Correct the name in the settings."


class Slack:
    """Keeps the people of the workspace it was asked for last, for an hour."""

    def __init__(self) -> None:
        self._people: tuple[Tools, People] | None = None

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        settings: SlackSettings = pull.settings
        calls, people = Calls(pull.tools, settings.page_size), self._people_of(pull.tools)
        await people.refresh(calls, pull.until)
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
        calls, people = Calls(pull.tools, settings.page_size), self._people_of(pull.tools)
        await people.refresh(calls, pull.until)
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

    def _people_of(self, tools: Tools) -> People:
        """Of whoever `tools` belong to: one object may serve several accounts, but remembers one."""
        if self._people is None or self._people[0] != tools:
            self._people = tools, People()
        return self._people[1]


def _placed(refusal: Refusal) -> Read:
    return Read(refusal, refusal.what)
