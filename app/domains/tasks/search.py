"""Full-text search over tasks and their items: FTS5 on SQLite, tsvector on Postgres.

Both find whole words in all their forms, all of those asked for, in the task's title and notes or together in one of
its items. What people type is never read as a query language: every word is quoted.
"""

import re

from sqlalchemy import ColumnElement, func, literal_column, select, text
from sqlalchemy.sql.selectable import Select

from app.domains.tasks.models import StoredItem, Task

_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 20


def matching(words: str, *, sqlite: bool) -> ColumnElement[bool]:
    """A condition on tasks. Words without a letter or digit match nothing."""
    found = _WORD.findall(words)[:_MOST_WORDS]
    if not found:
        return literal_column("1 = 0")
    return Task.id.in_(_sqlite(found) if sqlite else _postgres(found))


def _sqlite(words: list[str]) -> Select[int]:
    query = " ".join(f'"{word}"' for word in words)
    items = text("SELECT rowid FROM items_fts WHERE items_fts MATCH :words").bindparams(words=query)
    tasks = text("SELECT rowid FROM tasks_fts WHERE tasks_fts MATCH :task_words").bindparams(task_words=query)
    in_items = select(StoredItem.task_id).where(
        StoredItem.id.in_(items),
        StoredItem.task_id.is_not(None),
    )
    return select(Task.id).where(Task.id.in_(in_items) | Task.id.in_(tasks))


def _postgres(words: list[str]) -> Select[int]:
    query = func.plainto_tsquery("english", " ".join(words))
    in_items = select(StoredItem.task_id).where(
        literal_column("items.search").op("@@")(query), StoredItem.task_id.is_not(None)
    )
    return select(Task.id).where(Task.id.in_(in_items) | literal_column("tasks.search").op("@@")(query))
