"""Deriving tasks anew from their items and what people set, and scoring them.

`refresh` is the one place that writes derived columns. Imports, people's actions and changed settings all come through
here, so a task always stands where its items, its people and the rules put it, whatever happened in which order.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow, update_rows, upsert
from app.domains import ranking
from app.domains.monitoring import standing
from app.domains.ranking import Fact, Facts
from app.domains.ranking.network import Network
from app.domains.tasks import pasts
from app.domains.tasks.clocks import clocks
from app.domains.tasks.conversation import Conversation
from app.domains.tasks.facts import Place, derive, ours_to_do
from app.domains.tasks.life_cycle import follows, is_news
from app.domains.tasks.locking import neighbours
from app.domains.tasks.marks import mark_of
from app.domains.tasks.models import Task, TaskEvent, TaskFacts
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import written_by_hand
from app.domains.tasks.scoring import lift, network_around, score_columns
from app.domains.tasks.sources import ACTIVE, Sources, owned_by, sources_of
from app.domains.tasks.work import TAKEN_OVER
from app.domains.tasks.writes.noting import note

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_LOCKED = select(Task.__table__).where(Task.id.in_(_IDS)).order_by(Task.id).with_for_update()
Made = TypeVar("Made")
_AT_ONCE, _FEW_MESSAGES = 4, 60
"""So many tasks and messages are derived in about a millisecond: less than it costs to hand them to a thread."""
_WORDS = re.compile(r"\w+")
_ENOUGH_WORDS, _ENOUGH_LETTERS = 2, 8


@dataclass(slots=True)
class Changes:
    """What one refresh did."""

    versions: dict[int, int] = field(default_factory=dict)
    """Of the tasks that were asked for, by id."""
    turned: set[int] = field(default_factory=set)
    """Tasks that are to be done now and were not before, or the other way round."""
    events: list[dict[str, Any]] = field(default_factory=list)


async def refresh(
    session: AsyncSession,
    task_ids: Collection[int] | Mapping[int, Task],
    policy: Policy,
    *,
    now: datetime,
    integrations: Mapping[int, str],
    new_items: Collection[int] = (),
    actor: str = "import",
    grow_version: bool = True,
) -> Changes:
    """Derive and score the tasks again, and store what changed.

    `integrations` maps ids to names. `new_items` are the items that arrived with this change: they may wake or reopen
    a task. `grow_version` is False where nobody changed anything (a dependency finished, settings changed).
    `task_ids` may be the tasks by id, where the caller holds them locked and written: they are not read again.
    A task that is done or to be done again by this changes what its neighbours wait for: they are refreshed as well.
    """
    untrusted = await standing.untrusted(session)
    of = _Round(policy, now, integrations, frozenset(new_items), actor, grow_version, untrusted)
    changes, lifting = Changes(), set[int]()
    for some in chunks(sorted(task_ids)):
        # Locked in one order, so that an import and a person's action on the same tasks wait for each other.
        rows: Sequence[AnyRow | Task]
        if isinstance(task_ids, Mapping):
            rows = [task_ids[i] for i in some]
        else:
            rows = (await session.execute(_LOCKED, {"ids": some})).all()
        sources = await sources_of(session, some, policy.aliases)
        few = len(rows) <= _AT_ONCE and sum(map(len, sources.messages.values())) <= _FEW_MESSAGES
        batch = await _computed(few, _derive_all, rows, sources, of)
        network = await network_around(session, batch.facts, policy.ruleset)
        writes = await _computed(few, _score_all, batch, network, of)
        fresh, before = await pasts.changed(session, batch.stored, now=now)
        await update_rows(session, Task, writes)
        await upsert(session, TaskFacts, fresh, key=("task_id",))
        await pasts.keep(session, before)
        changes.versions.update((write["id"], write["version"]) for write in writes)
        changes.turned |= batch.turned
        changes.events += batch.events
        lifting |= batch.lifting
        await note(session, batch.moved, integrations, now=now, actor=actor)
    if changes.events:
        await session.execute(insert(TaskEvent), changes.events)
    await lift(session, lifting, policy.ruleset, now=now)
    if changes.turned:
        around = await neighbours(session, changes.turned)
        await refresh(session, around, policy, now=now, integrations=integrations, actor=actor, grow_version=False)
    return changes


@dataclass(frozen=True, slots=True)
class _Round:
    """What holds for all tasks of one refresh."""

    policy: Policy
    now: datetime
    integrations: Mapping[int, str]
    new_items: frozenset[int]
    actor: str
    grow_version: bool
    untrusted: frozenset[int]
    """Integrations of which what is to be done is stale."""


@dataclass(slots=True)
class _Batch:
    """What was derived of some tasks."""

    tasks: list[tuple[AnyRow | Task, dict[str, Any]]] = field(default_factory=list)
    """Each with its derived columns, but for those that its score fills."""
    facts: dict[int, Facts] = field(default_factory=dict)
    stored: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The facts as they are stored."""
    events: list[dict[str, Any]] = field(default_factory=list)
    turned: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    """Those that wait for others …"""
    lifting: set[int] = field(default_factory=set)
    """… and give these something else than before."""
    moved: dict[int, tuple[str, str]] = field(default_factory=dict)
    """What their sources were told of them, and are to be told now, where that is another thing."""


async def _computed(here: bool, work: Callable[..., Made], *given: Any) -> Made:
    """What takes long enough to be felt by requests that are answered meanwhile is done in a thread."""
    return work(*given) if here else await asyncio.to_thread(work, *given)


def _derive_all(rows: Sequence[AnyRow | Task], sources: Sources, of: _Round) -> _Batch:
    batch = _Batch()
    for row in rows:
        values, facts = _derived(row, sources, of, batch.events)
        if (row.status in ACTIVE) != (values.get("status", row.status) in ACTIVE):
            batch.turned.add(row.id)
        if sources.needs.get(row.id):
            batch.waiting.add(row.id)
        if row.mark and values["mark"] and values["mark"] != row.mark:
            batch.moved[row.id] = (row.mark, values["mark"])
        batch.tasks.append((row, values))
        batch.facts[row.id] = facts
        batch.stored[row.id] = ranking.dump(facts)
    return batch


def _score_all(batch: _Batch, network: Network, of: _Round) -> list[dict[str, Any]]:
    """Rows to be written, with the columns of the scores."""
    writes = []
    for row, values in batch.tasks:
        values.update(score_columns(network.standing(row.id, of.now), values["due_at"], of.policy.ruleset))
        write = _task_write(row, values, of.now, grow_version=of.grow_version)
        if row.id in batch.waiting and (of.grow_version or write["points_milli"] != row.points_milli):
            batch.lifting.add(row.id)
        writes.append(write)
    return writes


def _derived(
    row: AnyRow | Task, sources: Sources, of: _Round, events: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Fact]]:
    """The task's derived columns and its facts. Appends what people should read to `events`."""
    conversation = Conversation(sources.messages.get(row.id, []), of.policy.us)
    person_set = set(row.person_set)
    values: dict[str, Any] = {"opened_at": row.opened_at}
    if conversation.everything:
        values.update(_from_conversation(row, conversation, person_set))
        news = is_news(conversation, of.new_items, of.now) if of.new_items else None
        where = of.integrations.get(row.integration_id or 0, "its source")
        status, verb, why = follows(row, conversation, news, where)
        if verb:
            reason = why if status in ("not_for_us", "declined") else None
            values.update(status=status, status_reason=reason, snoozed_until=None)
            events.append(event(row.id, of.now, of.actor, verb, why, {"status": [row.status, status]}))
    owned = owned_by(row, sources, conversation)
    if conversation.work and not conversation.human:
        # A row waits for whoever has it, not for an answer: so it has no fact of a turn, but it is ours to move.
        mine = conversation.work.status == "open" and ours_to_do(owned, conversation)
        values.update(turn="ours" if mine else None, since=conversation.opened_at if mine else None)
    values.update({name: getattr(owned, name) for name in TAKEN_OVER})
    values["title_key"] = title_key(values.get("title", row.title))
    values["stale"] = row.integration_id in of.untrusted and values.get("status", row.status) in ACTIVE
    integration = of.integrations.get(row.integration_id or 0, "watchfloor")
    facts = derive(
        conversation,
        owned,
        Place(kind=row.kind, integration=integration, stale=values["stale"]),
        important=of.policy.important_senders,
        own_words=None if conversation.everything else written_by_hand(row),
    )
    facts |= clocks(conversation, active=values.get("status", row.status) in ACTIVE)
    due = facts.get("due_at")
    values["mark"] = mark_of(values.get("status", row.status), values.get("turn", row.turn))
    values |= {"due_at": due.value if due else None, "derived_with": of.policy.fingerprint}
    return values, facts


def _from_conversation(row: AnyRow | Task, conversation: Conversation, person_set: set[str]) -> dict[str, Any]:
    turn, since = conversation.turn()
    values = {
        "turn": turn,
        "since": since,
        "opened_at": conversation.opened_at or row.opened_at,
        "last_item_at": conversation.last_item_at,
        "people": conversation.people(),
        "sender": conversation.sender(),
    }
    if "title" not in person_set:
        values["title"] = conversation.title()
    if conversation.work:
        values["source_status"] = conversation.work.status
    return values


def title_key(title: str) -> str:
    """What two tasks of the same title share; empty where the title is too short to say anything."""
    words = _WORDS.findall(title.casefold())
    key = " ".join(words)
    return key[:300] if len(words) >= _ENOUGH_WORDS and len(key) >= _ENOUGH_LETTERS else ""


_NOT_SHOWN = ("people", "scored_at", "derived_with", "scored_with", "title_key", "source_status", "mark")
"""Derived columns that no answer shows: alone they make no new ETag."""


def _task_write(row: AnyRow | Task, values: dict[str, Any], now: datetime, *, grow_version: bool) -> dict[str, Any]:
    """The row's whole set of derived values, so that all rows of a batch share one statement."""
    write = {name: values.get(name, getattr(row, name)) for name in DERIVED}
    rescored = any(write[name] != getattr(row, name) for name in DERIVED if name not in _NOT_SHOWN)
    write["id"] = row.id
    write["version"] = row.version + int(grow_version)
    write["score_revision"] = row.score_revision + int(rescored)
    write["updated_at"] = now if grow_version else row.updated_at
    return write


DERIVED = (
    "title",
    "title_key",
    *TAKEN_OVER,
    "source_status",
    "status",
    "status_reason",
    "snoozed_until",
    "turn",
    "since",
    "mark",
    "stale",
    "due_at",
    "opened_at",
    "last_item_at",
    "people",
    "sender",
    "tier",
    "points_milli",
    "score_milli",
    "band",
    "reasons",
    "valid_until",
    "scored_at",
    "derived_with",
    "scored_with",
    "rank_tier",
    "rank_points",
    "rank_due",
)


def event(
    task_id: int, now: datetime, actor: str, verb: str, detail: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """A line for task_events."""
    return {
        "task_id": task_id,
        "at": now,
        "actor": actor,
        "verb": verb,
        "detail": detail,
        "changes": dict(changes),
    }
