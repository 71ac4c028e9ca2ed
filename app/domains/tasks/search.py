"""Full-text search over tasks and their items: FTS5 on SQLite, tsvector on Postgres.

Both find words in all their forms, all of those asked for, in the task's title and notes or together in one of its
items; the last word may be just begun. What people type is never read as a query language: every word is quoted.
Accents matter on Postgres, and do not on SQLite. A row is found by its own id as well, which is in no index of words.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, literal_column, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import Select

from app.domains.tasks import naming
from app.domains.tasks.models import ItemLink, StoredItem, Task

_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 20
_COMMON = 1_000
"""So many items are collected and sorted about as fast as a page of those that hold their words is met on the way."""
_SAY_NOTHING = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again against all am an and any are as at be because been before being below between
        both but by can did do does doing don down during each few for from further had has have having he her here
        hers herself him himself his how i if in into is it its itself just me more most my myself no nor not now of
        off on once only or other our ours ourselves out over own s same she should so some such t than that the
        their theirs them themselves then there these they this those through to too under until up very was we were
        what when where which while who whom why will with you your yours yourself yourselves
        """,
    )
)
"""Words that Postgres leaves out of its English index: so SQLite must not insist on them."""


def matching(words: str, *, sqlite: bool) -> ColumnElement[bool]:
    """A condition on tasks. What holds no word, or only words such as «the», matches nothing."""
    query = _query(words, sqlite=sqlite)
    if query is None:
        return literal_column("1 = 0")
    # Two answers united, each of its own index: asked for «either», Postgres would read every task.
    in_items = select(StoredItem.task_id).where(_items(query), StoredItem.task_id.is_not(None))
    in_tasks = select(Task.id).where(_tasks(query))
    if (bearing := _bearing_an_id_of(words)) is None:
        return Task.id.in_(in_items.union(in_tasks))
    of_rows = select(StoredItem.task_id).where(StoredItem.id.in_(bearing), StoredItem.task_id.is_not(None))
    return Task.id.in_(in_items.union(in_tasks, of_rows))


async def are_common(session: AsyncSession, words: str) -> bool:
    """Whether so many items hold the words that a page of tasks is found sooner by walking along the queue (`along`)
    than by collecting and sorting them all. For SQLite: Postgres chooses by its own statistics."""
    query = _query(words, sqlite=True) if _bearing_an_id_of(words) is None else None
    if query is None:
        return False
    some = text("SELECT count(*) FROM (SELECT rowid FROM items_fts WHERE items_fts MATCH :words LIMIT :most)")
    return bool((await session.execute(some, {"words": query, "most": _COMMON})).scalar_one() == _COMMON)


def along(words: str) -> ColumnElement[bool]:
    """The same condition as `matching`, for SQLite, where each task is met in the order of the queue: whether it holds
    the words is looked up in sets of ids, and no item is read. A sum is in no index: SQLite begins with the queue."""
    query = _query(words, sqlite=True)
    if query is None:
        return literal_column("1 = 0")
    held = (StoredItem.id + 0).in_(_item_ids(query))
    in_items = select(StoredItem.id).where(StoredItem.task_id == Task.id, held).correlate(Task)
    return or_((Task.id + 0).in_(_task_ids(query)), in_items.exists())


def _bearing_an_id_of(words: str) -> Select[int] | None:
    """The items whose row bears one of the ids such as OPS-123 in `words`, whatever else these say."""
    if not (ids := naming.ids_within(words.upper())):
        return None
    return select(ItemLink.item_id).where(ItemLink.key.in_([naming.id_key(name) for name in ids[:_MOST_WORDS]]))


def _tasks(query: str | ColumnElement[Any]) -> ColumnElement[bool]:
    if isinstance(query, str):
        return Task.id.in_(_task_ids(query))
    return literal_column("tasks.search").op("@@")(query)


async def look_up(session: AsyncSession, *, sqlite: bool) -> None:
    """To be called before a query that searches. For the rest of the transaction, Postgres looks rows up by their index
    rather than read a whole table: it takes a word just begun for a hundred times more frequent than it is."""
    if not sqlite:
        await session.execute(text("SET LOCAL random_page_cost = 1.1"))


def matching_items(words: str, *, sqlite: bool) -> ColumnElement[bool]:
    """The same condition on items: on subject, text and sender of each, and on the row's own id."""
    query = _query(words, sqlite=sqlite)
    if query is None:
        return literal_column("1 = 0")
    if (bearing := _bearing_an_id_of(words)) is None:
        return _items(query)
    return StoredItem.id.in_(select(StoredItem.id).where(_items(query)).union(bearing))


def holding(phrase: str, *, sqlite: bool) -> ColumnElement[bool]:
    """A condition on items: those in which the words of `phrase` follow each other, in any of their forms."""
    if sqlite:
        return _items('"' + " ".join(_WORD.findall(phrase)) + '"')
    return _items(func.phraseto_tsquery("english", phrase))


def _items(query: str | ColumnElement[Any]) -> ColumnElement[bool]:
    if isinstance(query, str):
        return StoredItem.id.in_(_item_ids(query))
    return literal_column("items.search").op("@@")(query)


def _task_ids(query: Any) -> TextClause:
    return text("SELECT rowid FROM tasks_fts WHERE tasks_fts MATCH :task_words").bindparams(task_words=query)


def _item_ids(query: Any) -> TextClause:
    return text("SELECT rowid FROM items_fts WHERE items_fts MATCH :words").bindparams(words=query)


def _query(words: str, *, sqlite: bool) -> str | ColumnElement[Any] | None:
    """What is asked of the index: FTS5's language as text, or a tsquery. None where there is nothing to ask."""
    found = [word for word in words_of(words) if word.lower() not in _SAY_NOTHING][:_MOST_WORDS]
    if not found:
        return None
    return " ".join(f'"{word}"' for word in found) + "*" if sqlite else _postgres(found, words)


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def _postgres(words: list[str], as_written: str) -> ColumnElement[Any]:
    # Its index holds an address or a host name as one word: what is written like one is looked up like one.
    *whole, begun = words
    query: ColumnElement[Any] = func.to_tsquery("english", f"{begun}:*")
    if whole:
        query = func.plainto_tsquery("english", " ".join(whole)).op("&&")(query)
    return query.op("||")(func.plainto_tsquery("english", as_written))
