"""A small sound database with rows in every table, and values that are easily changed on the way somewhere."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection

from app.core.audit import AuditAnchor, AuditEntry
from app.core.audit.appending import FORGOTTEN
from app.core.audit.chain import hash_of
from app.core.database import Base, Database
from app.core.events import Event
from app.core.idempotency import IdempotencyKey
from app.core.stored_secrets import StoredSecret
from app.domains.connections.models import (
    Integration,
    IntegrationViewer,
    KeptAnswer,
    ReceivedWebhook,
    Revocation,
    SampleLoad,
    SyncRun,
    SyncWarning,
)
from app.domains.identity.models import (
    ApiKey,
    ExternalIdentity,
    OneTimeToken,
    SignInFailures,
    SigningKey,
    User,
    UserSession,
)
from app.domains.learning.models import RankPair, RuleProposal
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.people.models import Identity, KnownPerson, NotTheSame, Sighting
from app.domains.rulesets.models import Activation, StoredCalendar, StoredRuleset
from app.domains.saved_views.models import SavedView
from app.domains.tasks.models import (
    NO_DUE,
    ConversationKey,
    ItemLink,
    StoredItem,
    Task,
    TaskDependency,
    TaskEvent,
    TaskFacts,
    TaskLabel,
    TaskPast,
    Undo,
    Unrelated,
)
from app.domains.tasks.writes.models import TaskWrite

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
EPOCH = int(AT.timestamp())
AWKWARD = "»Ünïcödé« 漢字 🛰\u200d\u2028 'single' \"double\" back\\slash \\N \t tab\r\nline\n; -- % :name {}"
JSON = {"deep": [1, -0.5, 1e300, 2**60, True, False, None, {"": AWKWARD}], "null": None}

_AGES = {"created_at": AT, "updated_at": AT}
_GIVEN_BACK = ((AWKWARD, AT), ("ca_1", None))
_SAVED = {"author": AWKWARD, "note": AWKWARD, "created_at": AT}

Rows = dict[str, list[tuple[Any, ...]]]


def task(number: int, **values: Any) -> dict[str, Any]:
    """A row of `tasks`, open and consistent."""
    row = dict.fromkeys((column.name for column in Base.metadata.tables["tasks"].columns if column.nullable), None)
    return row | {
        "id": number,
        "title": f"Task {number}",
        "status": "open",
        "notes": "",
        "person_set": [],
        "kind": "mbox",
        "subject_key": "",
        "people": [],
        "separated": False,
        "opened_at": AT,
        "created_at": AT,
        "updated_at": AT,
        "version": 1,
        "tier": "normal",
        "points_milli": 0,
        "score_milli": 0,
        "band": "someday",
        "reasons": [],
        "scored_at": AT,
        "score_revision": 1,
        "derived_with": "",
        "scored_with": "",
        "stale": False,
        "rank_tier": 1,
        "rank_points": 0,
        "rank_due": NO_DUE,
        **values,
    }


def item(number: int, **values: Any) -> dict[str, Any]:
    """A row of `items`, of the first integration, run and task."""
    row = dict.fromkeys((column.name for column in Base.metadata.tables["items"].columns if column.nullable), None)
    empty = ("sender_name", "sender_address", "subject", "text", "quoted", "signature", "list_id", "url")
    lists = ("recipients", "copied", "attachments", "keys", "labels", "delivered_to", "problems")
    return row | {
        "id": number,
        "integration_id": 1,
        "run_id": 1,
        "task_id": 1,
        "external_id": f"<{number}@example.org>",
        "content_hash": "0" * 64,
        **dict.fromkeys(empty, ""),
        **{name: [] for name in lists},
        "reading": {},
        "created_at": AT,
        **values,
    }


def _kept_answer() -> dict[str, Any]:
    kept = {"id": 4, "integration_id": 1, "run_id": 1, "at": AT, "tool": "GMAIL_FETCH_EMAILS", "arguments": JSON}
    return kept | {"path": AWKWARD, "why": AWKWARD, "whole": True, "value": JSON, "shortened": False}


def _process() -> dict[str, Any]:
    alive = {"started_at": AT, "seen_at": AT, "lives_until": AT, "jobs": True, "pulls": False, "schedule": True}
    named = {"id": "p", "role": "serve", "host": AWKWARD, "pid": 2**31 - 1, "port": 65_535, "version": "0"}
    return named | alive | {"guards": [JSON], "troubles": JSON}


def _write(number: int, state: str, **values: Any) -> dict[str, Any]:
    row = {"id": number, "task_id": 1, "integration_id": 1, "mark": "done", "before": "open", "actor": AWKWARD}
    return row | {"state": state, "why": AWKWARD, "expected": JSON, "effect": JSON, "created_at": AT} | values


def _trail() -> list[dict[str, Any]]:
    """Two entries that follow what the anchor says was forgotten, the second of which tells of that."""
    entry = {"at": AT, "actor": "user:1", "actor_name": AWKWARD, "address": "::1", "action": "edit_task"}
    entry |= {"target": "task:1", "changes": [JSON], "omitted": 0, "correlation_id": AWKWARD}
    told = [{"field": "up_to", "after": 1}, {"field": "hash", "after": "0" * 64}]
    first = {"id": 2, **entry, "previous": "0" * 64}
    first["hash"] = hash_of(first)
    second = {"id": 3, **entry, "action": FORGOTTEN, "changes": told, "previous": first["hash"]}
    return [first, second | {"hash": hash_of(second)}]


def _identity() -> list[tuple[type[Base], list[dict[str, Any]]]]:
    user = {"email": "ann@example.org", "name": AWKWARD, "role": "admin", "recovery_codes": JSON}
    key = {"name": AWKWARD, "prefix": "wf_1", "key_hash": "f" * 64, "scopes": ["admin"], "networks": [AWKWARD]}
    known = {"created_at": AT, "seen_at": AT, "expires_at": AT, "method": "password", "address": "", "user_agent": ""}
    return [
        (User, [{"id": 1, **user, **_AGES}]),
        (ExternalIdentity, [{"issuer": "https://id.example", "subject": AWKWARD, "user_id": 1, "created_at": AT}]),
        (UserSession, [{"id": 1, "token_hash": "f" * 64, "user_id": 1, **known}]),
        (
            OneTimeToken,
            [{"token_hash": "f" * 64, "purpose": "link", "user_id": 1, "created_at": AT, "expires_at": AT}],
        ),
        (SignInFailures, [{"bucket": "f" * 64, "failures": 3, "at": AT, "until": None}]),
        (ApiKey, [{"id": 1, **key, "user_id": 1, "created_by": AWKWARD, "created_by_id": 1, "created_at": AT}]),
        (SavedView, [_view(1, owner_id=1, shared=False), _view(2, owner_id=None, shared=True)]),
        (SigningKey, [{"id": "k", "private_key": AWKWARD, "created_at": AT}]),
        (IntegrationViewer, [{"integration_id": 1, "user_id": 1}]),
        (StoredSecret, [{"name": "COMPOSIO_API_KEY", "value": AWKWARD, "updated_at": AT}]),
        (AuditAnchor, [{"id": 1, "forgotten_to": 1, "hash": "0" * 64, "at": AT}]),
        (AuditEntry, _trail()),
    ]


def _view(number: int, **whose: Any) -> dict[str, Any]:
    row = {"id": number, "name": AWKWARD[:80], "name_key": AWKWARD[:80], "filter": JSON, "columns": ["due"], **_AGES}
    return row | {"sort": "rank", "group_by": "none"} | whose


def _rows() -> list[tuple[type[Base], list[dict[str, Any]]]]:
    integration = {"id": 1, "kind": "mbox", "name": AWKWARD, "settings": JSON, "gateway": None, "state": "ok"}
    integration |= {"last_success_at": AT, "last_error": None, "next_sync_at": None, "write_back": True}
    counts = {"read": 4, "new": 2, "updated": 1, "unchanged": 0, "refused": 1, "warnings": 2}
    counts |= {"tasks_new": 3, "tasks_updated": 0, "tasks_not_for_us": 1}
    run = {
        "id": 1,
        "integration_id": 1,
        "state": "succeeded",
        "what": AWKWARD,
        "path": None,
        "created_at": AT,
        **counts,
    }
    run |= {"started_at": AT, "seen_at": None, "finished_at": AT, "bytes_done": 2**40, "bytes_total": 2**40}
    run |= {"error": None, "hint": None}
    due = {"due_at": AT, "rank_due": EPOCH, "points_milli": 55_000, "rank_points": -55_000, "score_milli": 55_000}
    kept = {"status": 201, "headers": [["ETag", '"1.1"']], "body": bytes(range(256))}
    return [
        (IdempotencyKey, [{"key": AWKWARD, "fingerprint": "f" * 64, "created_at": AT, "path": "/", **kept}]),
        (Integration, [integration | {"created_at": AT, "updated_at": AT}]),
        *_identity(),
        (Event, [{"id": n, "at": AT, "type": "sync.progress", "data": JSON} for n in (3, 8)]),
        (SampleLoad, [{"id": 1, "loaded_at": AT, "cleared_at": None}]),
        (SyncRun, [run]),
        (KeptAnswer, [_kept_answer()]),
        (ReceivedWebhook, [{"id": AWKWARD, "at": AT}]),
        (
            Revocation,
            [{"account_id": n, "service": AWKWARD, "requested_at": AT, "due_at": at} for n, at in _GIVEN_BACK],
        ),
        (StoredLevel, [{"name": AWKWARD, "level": "DEGRADED", "reason": AWKWARD, "since": AT}]),
        (Process, [_process()]),
        (SyncWarning, [{"id": n, "run_id": 1, "what": AWKWARD, "why": ""} for n in (1, 2)]),
        (
            Task,
            [
                task(1, title=AWKWARD, integration_id=1, run_id=1, turn="ours", since=AT, **due),
                # A tombstone that points at a row after it, and at a moment before 1970.
                task(2, deleted_at=AT, opened_at=datetime(1969, 7, 20, 20, 17, 40, 1, tzinfo=UTC)),
                task(7, status="snoozed", snoozed_until=AT, people=[AWKWARD], stale=True, person_set=["status"]),
            ],
        ),
        (TaskWrite, [_write(1, "done", ended_at=AT), _write(2, "pending", due_at=AT)]),
        (TaskFacts, [{"task_id": n, "facts": JSON} for n in (1, 7)]),
        (TaskPast, [{"id": n, "task_id": 1, "until": AT, "facts": JSON} for n in (1, 2)]),
        (TaskLabel, [{"task_id": 1, "label": AWKWARD}, {"task_id": 1, "label": ""}]),
        (TaskDependency, [{"task_id": 1, "depends_on": 7}]),
        (ConversationKey, [{"key": AWKWARD, "task_id": 1}]),
        (
            StoredItem,
            [
                item(1, text=AWKWARD * 500, unread=True, starred=False, reading=JSON, sent_at=AT),
                item(2, subject=AWKWARD, utc_offset_minutes=-330, recipients=[[AWKWARD, "ann@example.org"]]),
            ],
        ),
        (
            TaskEvent,
            [{"id": 9, "task_id": 1, "at": AT, "actor": "person", "verb": "edit", "detail": AWKWARD, "changes": JSON}],
        ),
        (ItemLink, [{"item_id": 2, "relation": relation, "key": AWKWARD} for relation in ("mentions", "depends_on")]),
        (Unrelated, [{"task_id": 1, "other_id": 7, "at": AT}]),
        (KnownPerson, [{"id": n, "name": AWKWARD, "name_key": AWKWARD, **_AGES} for n in (1, 2)]),
        (
            Identity,
            [
                {"address": address, "person_id": person, "name": AWKWARD, "kind": "mbox", "created_at": AT}
                for person, address in enumerate((AWKWARD, "ann@example.org"), 1)
            ],
        ),
        (Sighting, [{"address": AWKWARD, "integration_id": 1}]),
        (NotTheSame, [{"person_id": 1, "other_id": 2, "at": AT}]),
        (
            StoredRuleset,
            [
                {"id": n, "name": "own", "version": n, "text": AWKWARD * n, "digest": "f" * 16, **_SAVED}
                | {"description": AWKWARD, "rules": n}
                for n in (1, 2)
            ],
        ),
        (
            Activation,
            [
                {"id": n, "ruleset_id": ruleset, "at": AT, "actor": AWKWARD, "note": AWKWARD, "returns_to": back}
                for n, ruleset, back in ((1, 1, None), (2, 2, None), (3, 1, 1))
            ],
        ),
        (StoredCalendar, [{"id": n, "name": "office", "version": n, "document": JSON, **_SAVED} for n in (1, 2)]),
        (RankPair, [_drag(n, agreed=n == 1) for n in (1, 2)]),
        (RuleProposal, [_proposal(1, "open"), _proposal(2, "accepted")]),
        (Undo, [{"token": "t", "verb": "edit", "created_at": AT, "expires_at": AT, "before": JSON}]),
    ]


def _drag(number: int, *, agreed: bool) -> dict[str, Any]:
    lines = {"above_lines": {AWKWARD: 2**40, "urgent": -1}, "below_lines": {}}
    row = {"id": number, "above_id": 1, "below_id": 7, "at": AT, "actor": AWKWARD, "ruleset": "own", "version": 1}
    return row | lines | {"agreed": agreed, "comparable": not agreed}


def _proposal(number: int, state: str) -> dict[str, Any]:
    decided = {"decided_at": AT, "decided_by": AWKWARD, "accepted_version": 2} if state == "accepted" else {}
    row = {"id": number, "ruleset": "own", "base_version": 1, "state": state, "changes": [JSON], "note": AWKWARD}
    return row | {"drags": 3, "agreed_before": 0, "agreed_after": 3, "created_at": AT} | decided


async def plant(database: Database) -> None:
    """Put rows in every table."""
    async with database.writing() as session:
        for model, rows in _rows():
            for row in rows:  # one by one: they don't all name the same columns
                await session.execute(insert(model), row)
        await session.execute(update(Task).where(Task.id == 2).values(merged_into=7))


async def contents(database: Database) -> Rows:
    """Every row of every table, as the program sees it."""
    async with database.reading() as session:
        return await (await session.connection()).run_sync(_contents)


def _contents(connection: Connection) -> Rows:
    def of(table: Table) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]

    return {table.name: of(table) for table in Base.metadata.sorted_tables}
