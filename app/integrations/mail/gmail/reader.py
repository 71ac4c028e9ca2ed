"""From answers to items: which messages are wanted, and what becomes of those that were fetched one by one."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import NotThere, Rejected
from app.integrations.mail.gmail.labels import PUT_AWAY, Directory
from app.integrations.mail.gmail.listing import OVERLAP, Listing, arguments, search
from app.integrations.mail.gmail.message import Mail, NoMessageError, check, to_item, whole_message
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.tools import FETCH_MESSAGE
from app.integrations.pulling import Answer, Pull
from app.records import Kept, Read, Refusal

AT_ONCE = 8
"""Messages fetched at the same time."""


@dataclass(frozen=True, slots=True)
class Fetched:
    reads: tuple[Read, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """Reads for one pull, whose labels it knows."""

    wanted: Pull
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self.directory = Directory(self.wanted.tools)

    @property
    def settings(self) -> GmailSettings:
        settings: GmailSettings = self.wanted.settings
        return settings

    async def page(self, answer: Answer, elements: Sequence[Any]) -> list[Read]:
        """The items of one page of a listing. One element that is no message is refused by itself; where all are, the
        form has changed. Raises Upstream."""
        mails, refusals = [], []
        for number, element in enumerate(elements):
            try:
                mails.append((number, check(element)))
            except NoMessageError as error:
                refusals.append((number, f"data.messages[{number}]{error.path}", str(error)))
        if refusals and not mails:
            raise answer.unreadable(refusals[0][1], f"holds messages that can't be read: {refusals[0][2]}")
        await self.directory.learn({each for _, mail in mails for each in mail.label_ids})
        wanted = [(number, mail) for number, mail in mails if self.in_range(mail) and not self.put_away(mail)]
        read = await self._read_all([mail for _, mail in wanted])
        reads = [(number, each) for (number, _), each in zip(wanted, read, strict=True)]
        reads += [(number, self._refusal(answer, path, why, elements[number])) for number, path, why in refusals]
        return [read for _, read in sorted(reads, key=lambda pair: pair[0])]

    async def _read_all(self, mails: Sequence[Mail]) -> list[Read]:
        """In a thread: a hundred messages take a quarter of a second, and others wait for the event loop."""
        names = dict(self.directory.names)
        return await asyncio.to_thread(lambda: [Read(to_item(mail, names), f"message {mail.id}") for mail in mails])

    @staticmethod
    def _refusal(answer: Answer, path: str, why: str, element: Any) -> Read:
        place = f"{answer.tool}, {path}"
        kept = Kept(answer.tool, dict(answer.arguments), path, element, whole=False)
        return Read(Refusal(place, f"This is no message that can be read: {why}.", kept), place)

    def in_range(self, mail: Mail) -> bool:
        """Whether it is of a time that is wanted. The end is that of the settings: what arrives while a pull goes on
        is welcome, for nothing would ever bring it again."""
        end = self.settings.end()
        return mail.at is None or (self.wanted.since <= mail.at and (end is None or mail.at <= end))

    def put_away(self, mail: Mail) -> bool:
        return not self.settings.include_spam_trash and bool(mail.label_ids & PUT_AWAY)

    async def fetch(self, ids: Iterable[str]) -> Fetched:
        """These messages as they are now: what was deleted or put away is gone; what is stored is followed even where
        it no longer fits the settings; what is not stored has to fit. Raises Upstream."""
        found, gone, refused = await self._all(sorted(ids))
        gone += [mail.id for mail in found if self.put_away(mail)]
        here = [mail for mail in found if not self.put_away(mail)]
        fitting = await self._fitting([mail for mail in here if self.in_range(mail)])
        kept = [mail for mail in here if mail.id in fitting or mail.id in await self.wanted.known.ids(mail.id)]
        await self.directory.learn({each for mail in kept for each in mail.label_ids})
        return Fetched((*await self._read_all(kept), *refused), tuple(gone))

    async def _all(self, ids: Sequence[str]) -> tuple[list[Mail], list[str], list[Read]]:
        """The messages, the ids of those that are there no longer, and what could not be read."""
        answers, gone, denied = await self._answers(ids)
        found: list[Mail] = []
        refused: list[tuple[Answer, NoMessageError]] = []
        for answer in answers:
            try:
                found.append(check(whole_message(answer)))
            except NoMessageError as error:
                refused.append((answer, error))
        if refused and not found:
            answer, trouble = refused[0]
            raise answer.unreadable(f"data{trouble.path}", f"holds a message that can't be read: {trouble}")
        reads = [self._refusal(answer, f"data{why.path}", str(why), answer.data) for answer, why in refused]
        return found, gone, [*denied, *reads]

    async def _answers(self, ids: Sequence[str]) -> tuple[list[Answer], list[str], list[Read]]:
        """What was answered, the ids of those that are there no longer, and those that can't be had: one of them must
        not keep all others from coming. Raises the refusal where it is of all."""
        answers: list[Answer] = []
        gone: list[str] = []
        denied: list[tuple[str, Rejected]] = []
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            calls = [self.wanted.tools(FETCH_MESSAGE, message_id=each, format="full") for each in some]
            for each, result in zip(some, await asyncio.gather(*calls, return_exceptions=True), strict=True):
                if isinstance(result, NotThere):
                    gone.append(each)
                elif isinstance(result, Rejected):
                    denied.append((each, result))
                elif isinstance(result, BaseException):
                    raise result
                else:
                    answers.append(result)
        if denied and not answers:
            raise denied[0][1]
        places = [(f"message {each}", error.detail) for each, error in denied]
        return answers, gone, [Read(Refusal(place, why), place) for place, why in places]

    async def _fitting(self, mails: Sequence[Mail]) -> set[str]:
        """Ids of those that the settings want. A search can't be judged here, so Gmail is asked for what it finds in
        their stretch of time: for new mail that is one call."""
        settings = self.settings
        if settings.labels and mails:
            wanted = set(await self.directory.ids_of(settings.labels))
            mails = [mail for mail in mails if mail.label_ids & wanted]
        if not settings.include_sent:
            mails = [mail for mail in mails if "SENT" not in mail.label_ids]
        ids = {mail.id for mail in mails}
        if not settings.query or not ids:
            return ids
        times = [mail.at or self.wanted.since for mail in mails]
        query = search(settings, min(times) - OVERLAP, max([*times, *(self.wanted.until for m in mails if not m.at)]))
        return ids & await self.listed(query, None)

    async def listed(self, query: str, label_id: str | None) -> set[str]:
        """The ids of all that Gmail finds. Raises Upstream."""
        listing = Listing(self.wanted.tools, arguments(self.settings, query, label_id, ids_only=True))
        found: set[str] = set()
        while True:
            page = await listing.next()
            try:
                found.update(check(each).id for each in page.messages)
            except NoMessageError as error:
                raise page.answer.unreadable(
                    f"data.messages[]{error.path}", f"lists what is no message: {error}"
                ) from error
            if page.token is None:
                return found
