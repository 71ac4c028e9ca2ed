"""Databases with many tasks, filled by the bare driver: each task with its item, its facts, its key, some with labels.

Indexes and full text are taken away while rows come in and made again from their own definitions, so that a million
tasks take a minute or two instead of an hour.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.engine import URL

from app.domains.tasks.models import NO_DUE, ConversationKey, StoredItem, Task, TaskFacts, TaskLabel
from app.domains.tasks.placing import blank_task
from app.domains.tasks.policy import Policy
from scripts.benchmarks import mailbox
from scripts.benchmarks.databases import columns_of, connect, inserting

RARE, COMMON = "zeppelin", "budget"
"""Words to search for: one in a task of five thousand, and one in every tenth or so."""

_TABLES = tuple(cast(Table, model.__table__) for model in (Task, TaskFacts, StoredItem, ConversationKey, TaskLabel))
_BANDS = ((60_000, "now"), (30_000, "next"), (10_000, "later"))
_TITLES = (
    "Offer for the spring campaign",
    "Server room access",
    "Invoice is overdue",
    "Budget draft",
    "Release on Thursday",
    "Feedback",
    "Contract renewal",
    "Printer on the second floor",
    "Onboarding of two colleagues",
    "Board meeting",
    "Shipping delay",
    "Customer asks about the export",
    "Login fails",
    "Visit next week",
    "Numbers for March",
    "Office move",
    "Security review",
)
_TEXTS = (
    "Could you send me the figures by Friday? The customer asked twice already.",
    "The server is down again since this morning, and orders are failing. Can someone look at it now?",
    "I have attached the draft; please review it before Thursday, and tell me whether the second option is fine.",
    "As discussed on the phone, the team will start with the export and look at the import afterwards.",
    "We need a decision on this soon. Who takes care of it while Ana is away?",
)
Rows = dict[str, list[tuple[Any, ...]]]


def fill(url: URL, first: int, last: int, judging: Policy) -> None:
    """Add the tasks with ids `first` to `last`. `judging` is what the server judges them by, so that the
    server does not derive them again."""
    connection = connect(url)
    cursor = connection.cursor()
    sqlite = url.get_backend_name() == "sqlite"
    again = _take_away_sqlite(cursor) if sqlite else _take_away_postgres(cursor)
    integration = _integration(cursor, sqlite=sqlite)
    ids = iter(range(first, last + 1))
    while some := list(islice(ids, 5_000)):
        rows = _rows(some, integration, judging, sqlite=sqlite)
        cursor.execute("BEGIN")
        for table in _TABLES:
            _add(cursor, url, table, rows[table.name])
        cursor.execute("COMMIT")
    if sqlite:
        cursor.execute("BEGIN")
        cursor.execute(
            "INSERT INTO items_fts (rowid, subject, text, sender_name, sender_address) "
            "SELECT id, subject, text, sender_name, sender_address FROM items WHERE id BETWEEN ? AND ?",
            (first, last),
        )
        cursor.execute(
            "INSERT INTO tasks_fts (rowid, title, notes) SELECT id, title, notes FROM tasks WHERE id BETWEEN ? AND ?",
            (first, last),
        )
        cursor.execute("COMMIT")
    else:
        for counted in ("tasks", "items"):
            cursor.execute(f"SELECT setval('{counted}_id_seq', {last})")
    for definition in again:
        cursor.execute(definition)
    cursor.execute("ANALYZE")
    if sqlite:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _take_away_sqlite(cursor: Any) -> list[str]:
    """Drop indexes and triggers; returns the statements that make them again."""
    found = cursor.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
        "AND tbl_name IN ('tasks', 'items', 'conversation_keys', 'task_labels')"
    ).fetchall()
    for kind, name, _ in found:
        cursor.execute(f"DROP {kind} {name}")
    return [definition for _, _, definition in found]


def _take_away_postgres(cursor: Any) -> list[str]:
    found = cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix\\_%' "
        "AND tablename IN ('tasks', 'items', 'conversation_keys', 'task_labels')"
    ).fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET maintenance_work_mem = '256MB'")
    return [definition for _, definition in found]


def _integration(cursor: Any, *, sqlite: bool) -> int:
    found = cursor.execute("SELECT id FROM integrations").fetchone()
    if found is None:
        now = "2026-03-02 08:00:00.000000" if sqlite else "2026-03-02 08:00:00+00"
        false = "0" if sqlite else "false"
        found = cursor.execute(
            "INSERT INTO integrations (kind, name, settings, state, write_back, sample, created_at, updated_at) "
            f"VALUES ('mbox', 'bench', '{{}}', 'ready', {false}, {false}, '{now}', '{now}') RETURNING id"
        ).fetchone()
    return int(found[0])


def _add(cursor: Any, url: URL, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    names = columns_of(table)
    if url.get_backend_name() == "sqlite":
        cursor.executemany(inserting(url, table.name, names), rows)
        return
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _rows(ids: Sequence[int], integration: int, judging: Policy, *, sqlite: bool) -> Rows:
    """Rows as the driver wants them, by table."""
    rows: Rows = {table.name: [] for table in _TABLES}
    bound = {table.name: _Binding(table, sqlite=sqlite) for table in _TABLES}
    chance = random.Random(ids[0])
    for number in ids:
        for table, row in _task(number, integration, judging, chance):
            rows[table].append(bound[table](row))
    return rows


class _Binding:
    """From a row by names to a tuple for the driver; what is not given is the column's default, or NULL."""

    def __init__(self, table: Table, *, sqlite: bool) -> None:
        self._sqlite = sqlite
        self._columns = [(c.name, str(c.type) == "JSON", getattr(c.default, "arg", None)) for c in table.columns]

    def __call__(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(self._value(row.get(name, default), json_) for name, json_, default in self._columns)

    def _value(self, value: Any, is_json: bool) -> Any:
        if is_json:
            return None if value is None else json.dumps(value)
        if self._sqlite and isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S.000000")
        return value


def _task(
    number: int, integration: int, judging: Policy, chance: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of one task: three of five are open, one of three has a deadline, one of twenty a label."""
    draw = chance.random
    opened = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=int(draw() * 30_000_000))
    due = opened + timedelta(hours=int(draw() * 2_000)) if draw() < 0.33 else None
    points = int(draw() ** 3 * 100) * 1000
    name, address = mailbox.PEOPLE[int(draw() * len(mailbox.PEOPLE))]
    title = f"{_TITLES[int(draw() * len(_TITLES))]} {number}{f' {RARE}' if number % 5_000 == 7 else ''}"
    status = ("open", "open", "open", "done", "not_for_us")[int(draw() * 5)]
    band = next((band for least, band in _BANDS if points >= least), "someday")
    shown = {"title": title, "title_key": title.lower(), "status": status, "sender": name, "kind": "mbox", "band": band}
    place = {"integration_id": integration, "external_id": f"<{number}@bench.example>", "subject_key": title.lower()}
    times = {
        "opened_at": opened,
        "last_item_at": opened,
        "created_at": opened,
        "updated_at": opened,
        "due_at": due,
        "since": opened,
    }
    rank = {
        "points_milli": points,
        "score_milli": points,
        "reasons": ["It is due soon", "A customer waits"] if points else [],
        "derived_with": judging.fingerprint,
        "scored_with": judging.ruleset.stamp,
        "rank_points": -points,
        "rank_due": int(due.timestamp()) if due else NO_DUE,
        "score_revision": 1,
    }
    turn = {"turn": ("ours", "theirs")[int(draw() * 2)], "people": [address, mailbox.US[1]], "version": 1}
    yield "tasks", blank_task(now=opened) | {"id": number} | shown | place | times | rank | turn
    yield "task_facts", {"task_id": number, "facts": {}}
    key = f"<{number}@bench.example>"
    text = f"Hello,\n\n{_TEXTS[int(draw() * len(_TEXTS))]} It is about case {number}.\n\nBest regards\n{name}"
    yield (
        "items",
        _BLANK_ITEM
        | {
            "id": number,
            "integration_id": integration,
            "task_id": number,
            "external_id": key,
            "content_hash": f"{number:064x}",
            "sent_at": opened,
            "sender_name": name,
            "sender_address": address,
            "recipients": [[*mailbox.US]],
            "subject": title,
            "bare_subject": title,
            "text": text,
            "keys": [key],
            "key": key,
            "created_at": opened,
        },
    )
    yield "conversation_keys", {"key": key, "task_id": number}
    if draw() < 0.05:
        yield "task_labels", {"task_id": number, "label": f"label{number % 7}"}


_BLANK_ITEM: dict[str, Any] = {
    "copied": [],
    "quoted": "",
    "signature": "",
    "attachments": [],
    "labels": [],
    "delivered_to": [mailbox.US[1]],
    "list_id": "",
    "url": "",
    "problems": [],
    "reading": {"asks": 0, "severity": 0, "facts": []},
}
