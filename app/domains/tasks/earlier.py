"""What was known of tasks at another time: as it is remembered, or as far as their items tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import end_of_second, whole_second
from app.core.database import chunks
from app.domains.ranking import Facts, StoredFacts
from app.domains.tasks import pasts
from app.domains.tasks.clocks import clocks
from app.domains.tasks.conversation import Conversation
from app.domains.tasks.facts import Place, derive
from app.domains.tasks.models import Task
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import written_by_hand
from app.domains.tasks.sources import owned_by, sources_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that is asked for, now, and for how long before now everything is remembered.

    What happened in the second that is asked for, had happened by then.
    """

    at: datetime
    now: datetime
    remembered_for: timedelta

    @property
    def end(self) -> datetime:
        """The end of the second that is asked for."""
        return end_of_second(self.at)

    def is_remembered(self, task: Task) -> bool:
        """Whether the task was here then, and what was known of it is not forgotten yet."""
        since = max(whole_second(task.created_at), self.now - self.remembered_for)
        return since <= self.at < self.now

    def is_settled(self, task: Task) -> bool:
        """Whether what is known now is what counts then: all of its messages had been sent, and nothing else is
        remembered of that time."""
        sent = task.last_item_at is None or task.last_item_at <= self.end
        return sent and not self.is_remembered(task)


@dataclass(frozen=True, slots=True)
class Then:
    """What was known of a task at an earlier time."""

    facts: Facts
    was_work: bool
    """Somebody had written to people by then, or a person had decided on its status."""
    remembered: bool = False
    """Exactly so it was; else it is made from the items sent until then, and what people set is today's."""


async def then(
    session: AsyncSession, tasks: Sequence[Task], policy: Policy, moment: Moment, integrations: Mapping[int, str]
) -> dict[int, Then]:
    """What was known of tasks at the moment, by id."""
    remembered = [task.id for task in tasks if moment.is_remembered(task)]
    found = {i: Then(StoredFacts(f), True, True) for i, f in (await _remembered(session, remembered, moment)).items()}
    others = [task for task in tasks if task.id not in found]
    return found | await _made_again(session, others, policy, moment.end, integrations)


async def _remembered(session: AsyncSession, ids: Sequence[int], moment: Moment) -> dict[int, pasts.Stored]:
    return await pasts.facts_at(session, ids, moment.at) if ids else {}


async def _made_again(
    session: AsyncSession, tasks: Sequence[Task], policy: Policy, end: datetime, integrations: Mapping[int, str]
) -> dict[int, Then]:
    """As far as their items tell: later ones are left out."""
    found = {}
    for some in chunks(tasks):
        sources = await sources_of(session, [task.id for task in some], policy.aliases)
        for task in some:
            everything = sources.messages.get(task.id, [])
            earlier = [m for m in everything if m.sent_at is None or m.sent_at <= end]
            conversation = Conversation(earlier, policy.us)
            facts = derive(
                conversation,
                owned_by(task, sources, conversation),
                Place(
                    kind=task.kind,
                    integration=integrations.get(task.integration_id or 0, "watchfloor"),
                    stale=task.stale,
                ),
                important=policy.important_senders,
                own_words=None if everything else written_by_hand(task),
            )
            facts |= clocks(conversation, active=True)
            was_work = "status" in task.person_set or not earlier or conversation.not_for_us() is None
            found[task.id] = Then(facts, was_work)
    return found
