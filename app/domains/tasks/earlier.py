"""What was known of tasks at an earlier time, as far as their items tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.ranking import Fact
from app.domains.tasks.conversation import Conversation
from app.domains.tasks.facts import Place, derive
from app.domains.tasks.models import Task
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import written_by_hand
from app.domains.tasks.sources import owned_by, sources_of


@dataclass(frozen=True, slots=True)
class Then:
    """What was known of a task at an earlier time."""

    facts: dict[str, Fact]
    was_work: bool
    """Somebody had written to people by then, or a person had decided on its status."""


async def then(
    session: AsyncSession, tasks: Sequence[Task], policy: Policy, at: datetime, integrations: Mapping[int, str]
) -> dict[int, Then]:
    """What was known of tasks at `at`, as far as their items tell: later ones are left out."""
    found = {}
    for some in chunks(tasks):
        sources = await sources_of(session, [task.id for task in some], policy.aliases)
        for task in some:
            everything = sources.messages.get(task.id, [])
            earlier = [m for m in everything if m.sent_at is None or m.sent_at <= at]
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
            was_work = "status" in task.person_set or not earlier or conversation.not_for_us() is None
            found[task.id] = Then(facts, was_work)
    return found
