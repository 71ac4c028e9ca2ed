"""What follows from a conversation: its title, whether it is work for us, and whose turn it is.

Pure: the same messages give the same answer, so anything here can be derived anew at any time, and for any
earlier time by leaving later messages out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

from app.domains.reading import Reading
from app.domains.tasks.us import Us
from app.records import Automation, Person, Work

Turn = Literal["ours", "theirs"]
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_TITLE_LENGTH = 300
_OPENING_LENGTH = 120
"""Of a title made of the first words of a text, in characters."""
_A_FEW_WORDS = 2
"""A message of so few words (“hi”, “quick question”) names no matter: the next one does."""
_TICKS = tuple(f":{name}:" for name in ("white_check_mark", "heavy_check_mark", "ballot_box_with_check", "done"))
"""Reactions by which people mark a message as dealt with."""
AFTERTHOUGHT = timedelta(hours=1)
ASKS_CLEARLY = 50
"""From so many points on a sentence asks its reader to act, and is quoted."""
_SET_ASIDE = {
    "newsletter": "A newsletter or mailing. {}",
    "bot": "Written by a program. {}",
    "notification": "An automatic notification. {}",
    "auto_reply": "An automatic reply. {}",
    "bounce": "A delivery report. {}",
    "spam": "Marked as spam. {}",
    "trash": "It lies in the trash. {}",
    "calendar": "A calendar message. {}",
    "deleted": "It was deleted at its source. {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What derivation needs of a stored item; its full text stays in the database."""

    id: int
    sent_at: datetime | None
    sender: Person
    subject: str
    """Without reply marks and a discussion list's tag."""
    opening: str
    """The first words of its text, for a title where there is no subject."""
    length: int
    """Of its text, in characters."""
    reading: Reading
    key: str = ""
    """The message's own global id: the same message twice, or through two integrations, counts once."""
    to: tuple[str, ...] = ()
    """Addresses."""
    copied: tuple[str, ...] = ()
    written_as: tuple[str, ...] = ()
    """Addresses as the item has them, where another one stands for their person here."""
    labels: tuple[str, ...] = ()
    unread: bool | None = None
    starred: bool | None = None
    important: bool | None = None
    is_answer: bool = False
    """It names a message that it answers."""
    list_id: str = ""
    outgoing: bool | None = None
    automation: Automation | None = None
    work: Work | None = None
    """It is a row that is a task by itself, and nothing anybody said."""
    attachments: int = 0
    revised_at: datetime | None = None
    """When its source last changed it, where that is known."""

    @property
    def when(self) -> datetime:
        """`sent_at`, or long ago where nobody knows: an undated message never looks like news."""
        return self.sent_at or EARLIEST


@dataclass(frozen=True)
class Conversation:
    """All messages of one task, and the views of them that rules ask for."""

    everything: Sequence[Message]
    us: Us = field(default_factory=Us)

    @cached_property
    def messages(self) -> list[Message]:
        """Oldest first, each message once, drafts left out.

        Copies share id and time, though lists change their text on the way; a mailer that uses an id again does not
        use the time again. At the same time the ids decide, not the order of arrival.
        """
        seen: set[tuple[str, datetime]] = set()
        messages = []
        for message in sorted(self.everything, key=lambda m: (m.when, m.key, m.id)):
            if message.key and (message.key, message.when) in seen:
                continue
            seen.add((message.key, message.when))
            if message.automation is None or message.automation.category != "draft":
                messages.append(message)
        return messages

    @cached_property
    def human(self) -> list[Message]:
        """Messages that people wrote to people, oldest first."""
        return [m for m in self.messages if m.automation is None and m.work is None]

    @cached_property
    def rows(self) -> list[Message]:
        """Rows that are tasks by themselves, oldest first."""
        return [m for m in self.messages if m.automation is None and m.work is not None]

    @cached_property
    def work(self) -> Work | None:
        """What the row says of itself: of several that people merged, the first with something left to do."""
        said = [m.work for m in self.rows if m.work]
        return next((work for work in said if work.status == "open"), said[0] if said else None)

    @cached_property
    def among_us(self) -> bool:
        """Nobody but us takes part, as in a team's own channel."""
        everybody = {a for m in self.human for a in (m.sender.address, *m.to, *m.copied) if a}
        return all(self.us.includes(address) for address in everybody)

    def is_ours(self, message: Message) -> bool:
        """Whether we said it to somebody else. What one of us writes to the others waits for us: it is inbound."""
        if message.outgoing is True:
            return True
        if not self.us.includes(message.sender.address):
            return False
        addressed = (*message.to, *message.copied)
        if not addressed and message.list_id.startswith("#"):
            return not self.among_us
        return not addressed or not all(self.us.includes(address) for address in addressed)

    @cached_property
    def sides_known(self) -> bool:
        """Whether we know who "we" are, from the settings or from a Sent folder."""
        return self.us.known or any(m.outgoing is not None for m in self.messages)

    @cached_property
    def inbound(self) -> list[Message]:
        return [m for m in self.human if not self.is_ours(m)]

    @cached_property
    def ours(self) -> list[Message]:
        return [m for m in self.human if self.is_ours(m)]

    @cached_property
    def waiting(self) -> list[Message]:
        """The messages that wait for an answer, oldest first: what stands after our last word; on a discussion list
        only what its asker and whoever wrote last say, for others answer there too. Where we don't know who we are,
        the last messages of whoever wrote last."""
        if not self.sides_known:
            return self.tail
        after = self.ours[-1].when if self.ours else EARLIEST
        since = [m for m in self.inbound if m.when >= after]
        if not self.on_a_list:
            return since
        speakers = {self.human[0].sender.address, self.human[-1].sender.address}
        return [m for m in since if m.sender.address in speakers]

    @cached_property
    def tail(self) -> list[Message]:
        """The last messages of whoever wrote last, oldest first."""
        tail: list[Message] = []
        for message in reversed(self.human):
            if tail and message.sender.address != tail[-1].sender.address:
                break
            tail.append(message)
        return tail[::-1]

    @cached_property
    def on_a_list(self) -> bool:
        return any(m.list_id for m in self.human)

    @cached_property
    def follow_ups(self) -> int:
        """How often whoever wrote last came back without an answer: an afterthought within the hour is none."""
        asked = [m for m in self.tail if not closes(m)]
        return sum(later.when - earlier.when >= AFTERTHOUGHT for earlier, later in pairwise(asked))

    @cached_property
    def unanswered(self) -> bool | None:
        """Nobody but the one who opened it has written. None where nobody has, or where the beginning is missing."""
        if not self.human:
            return None
        opener = self.human[0]
        alone = all(m.sender.address == opener.sender.address for m in self.human)
        return None if alone and opener.is_answer else alone

    @cached_property
    def opened_at(self) -> datetime | None:
        return next((m.sent_at for m in self.messages if m.sent_at), None)

    @cached_property
    def last_item_at(self) -> datetime | None:
        return next((m.sent_at for m in reversed(self.messages) if m.sent_at), None)

    def turn(self) -> tuple[Turn | None, datetime | None]:
        """Whose turn it is and since when; None where it is nobody's or not known."""
        if not self.human or not self.sides_known:
            return None, None
        last = self.human[-1]
        if self.is_ours(last):
            asked_since = self._start_of_tail(self.human)
            return "theirs", asked_since
        asked = self.tail if self.on_a_list else self.waiting
        open_questions = [] if closes(last) else [m for m in asked if not closes(m)]
        if not open_questions or not any(self._concerns_us(m) for m in open_questions):
            return None, None
        return "ours", open_questions[0].sent_at

    def _start_of_tail(self, messages: list[Message]) -> datetime | None:
        start = None
        for message in reversed(messages):
            if not self.is_ours(message):
                break
            start = message.sent_at
        return start

    @property
    def concerns_us(self) -> bool:
        """Whether any of it waits for us, or we took part: on a discussion list much of it does not."""
        return bool(self.ours) or any(self._concerns_us(message) for message in self.inbound)

    def _concerns_us(self, message: Message) -> bool:
        """On a discussion list a message is for us when it is addressed to us, names us, answers what we began, or its
        sender waits: nobody else took it up, or the one who began it came back after our answer."""
        if not message.list_id or self.is_ours(self.human[0]):
            return True
        addressed = any(self.us.includes(a) for a in (*message.to, *message.copied))
        came_back = bool(self.ours) and message.sender.address == self.human[0].sender.address
        return addressed or came_back or bool(self.unanswered) or has_fact(message, "mentions_us")

    def not_for_us(self) -> str | None:
        """Why this conversation asks for no work of ours, or None where a person wrote to people."""
        if self.human or self.rows:
            return None
        if not self.messages:
            return "It is only a draft: nothing was sent yet."
        automation = self.messages[-1].automation
        return _SET_ASIDE.get(automation.category, "{}").format(automation.reason) if automation else None

    def title(self) -> str:
        """The opener's subject, or its first words, or who sent it."""
        first = self.messages[0] if self.messages else self.everything[0]
        subject = next((m.subject for m in (*self.rows, first, *self.messages) if m.subject.strip()), "")
        title = " ".join(subject.split())[:_TITLE_LENGTH] or self._opening(first)
        if not title and first.automation and first.automation.category == "deleted":
            return f"A deleted message in {first.list_id}" if first.list_id else "A deleted message"
        return title or f"Message without subject from {first.sender}"

    def _opening(self, first: Message) -> str:
        """The first words that name a matter, cut between words."""
        openings = [" ".join(m.opening.split()) for m in (self.human or [first])]
        opening = next((o for o in openings if len(o.split()) > _A_FEW_WORDS), next((o for o in openings if o), ""))
        if len(opening) <= _OPENING_LENGTH:
            return opening
        return opening[:_OPENING_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.- ") + "…"

    def sender(self) -> str:
        """Who wrote last from outside: the one a task is about, by name where it is known."""
        message = next(iter(reversed(self.inbound or self.human or self.messages)), None)
        return (message.sender.name or message.sender.address) if message else ""

    def people(self, most: int = 200) -> list[str]:
        """Addresses that take part, in order of appearance; those too that later items may be written with."""
        found: dict[str, None] = {}
        for message in self.messages:
            for address in (message.sender.address, *message.to, *message.copied, *message.written_as):
                if address:
                    found[address] = None
        return list(found)[:most]


def has_fact(message: Message, name: str) -> bool:
    return any(fact.fact == name and fact.value is True for fact in message.reading.facts)


def says_only_thanks(message: Message) -> bool:
    """Whether the message thanks or agrees and asks nothing: it waits for no answer."""
    return has_fact(message, "thanks_only")


def closes(message: Message) -> bool:
    """Whether the message ends the matter: only thanks, or thanks with word that it is solved, and no question."""
    if says_only_thanks(message) or any(label.startswith(_TICKS) for label in message.labels):
        return True
    return has_fact(message, "resolved") and message.reading.asks < ASKS_CLEARLY and not has_fact(message, "question")
