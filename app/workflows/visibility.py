"""What belongs to integrations that a caller may not see, table by table: the filters that `Database` reads with.

Every mapped table stands here, in one list or the other; tests/workflows/test_visibility.py holds that.
docs/privacy.md says in words what private means, docs/decisions/0023 why it is done this way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, exists, or_
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from app.core.database import Base
from app.domains.connections.models import Integration, IntegrationViewer, KeptAnswer, SyncRun, SyncWarning
from app.domains.learning.models import RankPair
from app.domains.monitoring import standing
from app.domains.monitoring.models import StoredLevel
from app.domains.people.models import Identity, KnownPerson, NotTheSame, Sighting
from app.domains.tasks.models import (
    ConversationKey,
    ItemLink,
    StoredItem,
    Task,
    TaskDependency,
    TaskEvent,
    TaskFacts,
    TaskLabel,
    TaskPast,
    Unrelated,
)
from app.domains.tasks.writes.models import TaskWrite

Hidden = Sequence[int]
Shown = ColumnElement[bool]


def _table(model: type[Base]) -> Table:
    """The plain table: inside a filter nothing is filtered again."""
    return cast(Table, model.__table__)


def task_is_hidden(task_id: Any, hidden: Hidden) -> Shown:
    """Whether a task holds an item of a hidden integration, or was made by one."""
    items, tasks = _table(StoredItem).alias(), _table(Task).alias()
    holds = exists().where(items.c.task_id == task_id, items.c.integration_id.in_(hidden))
    return or_(holds, exists().where(tasks.c.id == task_id, tasks.c.integration_id.in_(hidden)))


def _task(hidden: Hidden) -> Shown:
    items = _table(StoredItem).alias()
    own = or_(Task.integration_id.is_(None), Task.integration_id.not_in(hidden))
    return and_(own, ~exists().where(items.c.task_id == Task.id, items.c.integration_id.in_(hidden)))


def _item(hidden: Hidden) -> Shown:
    return and_(StoredItem.integration_id.not_in(hidden), ~task_is_hidden(StoredItem.task_id, hidden))


def _of_item(hidden: Hidden) -> Shown:
    items = _table(StoredItem).alias()
    theirs = or_(items.c.integration_id.in_(hidden), task_is_hidden(items.c.task_id, hidden))
    return ~exists().where(items.c.id == ItemLink.item_id, theirs)


def _write(hidden: Hidden) -> Shown:
    return and_(TaskWrite.integration_id.not_in(hidden), ~task_is_hidden(TaskWrite.task_id, hidden))


def _warning(hidden: Hidden) -> Shown:
    runs = _table(SyncRun).alias()
    return ~exists().where(runs.c.id == SyncWarning.run_id, runs.c.integration_id.in_(hidden))


def address_is_shown(address: Any, hidden: Hidden) -> Shown:
    """Whether it occurs in what may be seen; what occurs nowhere was made known by hand."""
    seen, unseen = _table(Sighting).alias(), _table(Sighting).alias()
    return or_(
        exists().where(seen.c.address == address, seen.c.integration_id.not_in(hidden)),
        ~exists().where(unseen.c.address == address, unseen.c.integration_id.in_(hidden)),
    )


def _person_is_shown(person_id: Any, hidden: Hidden) -> Shown:
    own, any_ = _table(Identity).alias(), _table(Identity).alias()
    shown = exists().where(own.c.person_id == person_id, address_is_shown(own.c.address, hidden))
    return or_(shown, ~exists().where(any_.c.person_id == person_id))


def _level(hidden: Hidden) -> Shown:
    return StoredLevel.name.not_in([standing.name_of(each) for each in hidden])


def _of_task(*columns: Any) -> Callable[[Hidden], Shown]:
    return lambda hidden: and_(*(~task_is_hidden(column, hidden) for column in columns))


def _of_integration(column: Any) -> Callable[[Hidden], Shown]:
    shown: Callable[[Hidden], Shown] = column.not_in
    return shown


def _of_person(*columns: Any) -> Callable[[Hidden], Shown]:
    return lambda hidden: and_(*(_person_is_shown(column, hidden) for column in columns))


FILTERED: Mapping[type[Base], Callable[[Hidden], Shown]] = {
    Task: _task,
    StoredItem: _item,
    ItemLink: _of_item,
    TaskFacts: _of_task(TaskFacts.task_id),
    TaskPast: _of_task(TaskPast.task_id),
    TaskLabel: _of_task(TaskLabel.task_id),
    TaskEvent: _of_task(TaskEvent.task_id),
    TaskDependency: _of_task(TaskDependency.task_id, TaskDependency.depends_on),
    ConversationKey: _of_task(ConversationKey.task_id),
    Unrelated: _of_task(Unrelated.task_id, Unrelated.other_id),
    TaskWrite: _write,
    RankPair: _of_task(RankPair.above_id, RankPair.below_id),
    Integration: _of_integration(Integration.id),
    IntegrationViewer: _of_integration(IntegrationViewer.integration_id),
    SyncRun: _of_integration(SyncRun.integration_id),
    SyncWarning: _warning,
    KeptAnswer: _of_integration(KeptAnswer.integration_id),
    StoredLevel: _level,
    KnownPerson: _of_person(KnownPerson.id),
    Identity: lambda hidden: address_is_shown(Identity.address, hidden),
    Sighting: _of_integration(Sighting.integration_id),
    NotTheSame: _of_person(NotTheSame.person_id, NotTheSame.other_id),
}
"""By table: which of its rows are shown."""

FOR_ALL: Mapping[str, str] = {
    "api_keys": "shown to their owner and to admins",
    "audit_anchor": "holds no words of anybody",
    "audit_entries": "the chain is verified whole; what is listed is looked at entry by entry",
    "calendars": "rules are everybody's",
    "events": "looked at one by one before they are sent (app.workflows.sifting)",
    "external_identities": "of users",
    "idempotency_keys": "given to the caller alone who got them first",
    "one_time_tokens": "never shown",
    "processes": "name services, not integrations",
    "proposals": "looked at one by one (app.workflows.learning.unseen)",
    "received_webhooks": "never shown",
    "revocations": "never shown",
    "ruleset_activations": "rules are everybody's",
    "rulesets": "rules are everybody's",
    "sample_loads": "invented data",
    "saved_views": "a private one is asked for by its owner alone; integrations stand in them by number",
    "sign_in_failures": "never shown",
    "signing_keys": "never shown",
    "stored_secrets": "never shown",
    "undos": "found by a random token alone; looked at before it is used (app.domains.tasks.restoring)",
    "user_sessions": "shown to their user",
    "users": "shown to admins",
}
"""Tables that are read without a filter, and why."""


@lru_cache(maxsize=256)
def criteria(hidden: frozenset[int]) -> Sequence[ExecutableOption]:
    """The filters of a session, for those from whom `hidden` integrations are hidden."""
    ids = sorted(hidden)
    return [with_loader_criteria(model, of(ids), include_aliases=True) for model, of in FILTERED.items()]
