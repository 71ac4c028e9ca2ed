"""Which other tasks a task has to do with, and why: links, names, titles, parts of one conversation.

Everything is looked up by an index and bounded; what is shown is a proposal, and nothing is merged by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import JSON, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Select

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks import dismissals, naming, search
from app.domains.tasks.models import ConversationKey, ItemLink, StoredItem, Task
from app.domains.tasks.work import from_json

Kind = Literal["links_to", "linked_from", "same_thread_elsewhere", "mentions_title", "same_title"]
_STRONGEST_FIRST = ("links_to", "linked_from", "same_thread_elsewhere", "mentions_title", "same_title")
MOST = 50
"""So many related tasks are shown, the strongest."""
RECURRING = 4
"""A title that so many tasks bear is a habit, not a name."""
SAME_MATTER = timedelta(days=90)
"""Two tasks of one title that began further apart are two matters."""
_LOOKED_AT = 500
_OPENING = 300
"""Characters of a message's text that count as its opening."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One other task, and why it has to do with the one that was asked about."""

    task_id: int
    relation: Kind
    because: str
    item_id: int | None = None
    """The evidence."""
    duplicate: bool = False
    may_merge: bool = False
    """Not where both are rows at their source: each has a status of its own there."""


async def related(session: AsyncSession, task: Task) -> tuple[list[Relation], bool]:
    """At most MOST other living tasks, strongest first, the newest of equals; and whether there are more."""
    found = [
        *await _linked(session, task),
        *await _elsewhere(session, task),
        *await _named(session, task),
        *await _of_the_same_title(session, task),
    ]
    hidden = await dismissals.dismissed(session, task.id)
    best: dict[int, Relation] = {}
    for relation in sorted(found, key=lambda r: _STRONGEST_FIRST.index(r.relation)):
        known = best.setdefault(relation.task_id, relation)
        if relation.duplicate:
            best[relation.task_id] = replace(known, duplicate=True)
    shown = sorted(
        (relation for relation in best.values() if relation.task_id not in hidden),
        key=lambda r: (_STRONGEST_FIRST.index(r.relation), -r.task_id),
    )
    rows = await rows_among(session, [task.id, *best])
    merging = [replace(r, may_merge=not {task.id, r.task_id} <= rows) for r in shown[:MOST]]
    return merging, len(shown) > MOST


async def _linked(session: AsyncSession, task: Task) -> list[Relation]:
    """The tasks that this one's items link to, and those whose items link here."""
    owner = aliased(ConversationKey)
    text = func.substr(StoredItem.text, 1, 20_000).label("text")
    columns = (StoredItem.id, ItemLink.key, text, StoredItem.work)
    joined: Any = (
        select(*columns).join(ItemLink, ItemLink.item_id == StoredItem.id).join(owner, owner.key == ItemLink.key)
    )
    joined = joined.where(ItemLink.relation == "mentions", Task.deleted_at.is_(None), Task.id != task.id)
    joined = joined.order_by(ItemLink.item_id.desc(), ItemLink.key).limit(_LOOKED_AT)
    there = joined.add_columns(Task.id.label("task_id"), Task.url).join(Task, Task.id == owner.task_id)
    here = joined.add_columns(Task.id.label("task_id")).join(Task, Task.id == StoredItem.task_id)
    found = [
        Relation(row.task_id, "links_to", f"Links to it: “{_link(row, row.url)}”.", row.id)
        for row in await session.execute(there.where(StoredItem.task_id == task.id))
    ]
    return found + [
        Relation(row.task_id, "linked_from", f"Links here: “{_link(row, task.url)}”.", row.id)
        for row in await session.execute(here.where(owner.task_id == task.id))
    ]


def _link(row: AnyRow, url: str | None) -> str:
    """The address that an item holds in its text or a column, else that of what it leads to."""
    columns = from_json(row.work).fields if row.work else ()
    return naming.link_in([row.text, *(value for _, value in columns)], row.key, url)


async def _elsewhere(session: AsyncSession, task: Task) -> list[Relation]:
    """Tasks that hold a message which one of this task's answers: a person took the conversation apart."""
    query = select(StoredItem.id, StoredItem.keys).where(StoredItem.task_id == task.id)
    rows = (await session.execute(query.order_by(StoredItem.id).limit(_LOOKED_AT))).all()
    answers = {key: row.id for row in reversed(rows) for key in row.keys}
    found: list[Relation] = []
    for some in chunks(answers):
        owners = select(ConversationKey.key, Task.id, Task.title).join(Task, Task.id == ConversationKey.task_id)
        owners = owners.where(ConversationKey.key.in_(some), Task.id != task.id, Task.deleted_at.is_(None))
        found += [
            Relation(
                row.id,
                "same_thread_elsewhere",
                f"A message here answers one of “{naming.quoted(row.title)}”: they were taken apart.",
                answers[row.key],
            )
            for row in await session.execute(owners)
        ]
    return found


async def _named(session: AsyncSession, task: Task) -> list[Relation]:
    """Rows that this conversation's opening names; for a row, the conversations whose opening names it."""
    query = select(StoredItem.work).where(StoredItem.task_id == task.id, StoredItem.work.is_not(None))
    works = (await session.execute(query.order_by(StoredItem.id).limit(MOST))).scalars().all()
    if not works:
        return await _rows_named_by(session, task)
    ids = [name for work in works for name in naming.ids_of(from_json(work or {}))]
    found = [r for name in dict.fromkeys(ids) for r in await _naming_the_id(session, task, name)]
    if naming.telling(task.title_key) and await borne_by_few(session, [task.title_key]):
        found += await _naming_the_title(session, task)
    return found


async def _rows_named_by(session: AsyncSession, task: Task) -> list[Relation]:
    first = select(StoredItem.id, StoredItem.bare_subject, func.substr(StoredItem.text, 1, _OPENING).label("opening"))
    first = first.where(StoredItem.task_id == task.id).order_by(StoredItem.sent_at, StoredItem.id).limit(1)
    opener = (await session.execute(first)).one_or_none()
    if opener is None:
        return []
    places = (("subject names", opener.bare_subject), ("first words name", opener.opening))
    rows = select(Task.id, Task.title, Task.title_key).where(Task.deleted_at.is_(None), Task.id != task.id)
    found = []
    for where, words in places:
        for name in naming.ids_within(words)[:MOST]:
            query = rows.where(Task.id.in_(_bearing_id(name))).limit(RECURRING)
            if len(named := (await session.execute(query)).all()) < RECURRING:
                because = f"Its {where} the row's id: “{name}”."
                found += [Relation(row.id, "mentions_title", because, opener.id) for row in named]
        keys = await borne_by_few(session, naming.titles_within(words) - {task.title_key})
        for some in chunks(keys):
            query = rows.where(Task.title_key.in_(some), _is_row(Task.id))
            for row in await session.execute(query):
                because = f"Its {where} the row: “{naming.quoted(row.title)}”."
                found.append(Relation(row.id, "mentions_title", because, opener.id))
    return found


async def _naming_the_title(session: AsyncSession, task: Task) -> list[Relation]:
    because = f"Its opening names this row: “{naming.quoted(task.title)}”."
    return [
        Relation(row.task_id, "mentions_title", because, row.id)
        for row in await session.execute(await _openers_with(session, task, task.title))
        # What bears the very title is no mention of it.
        if row.title_key != task.title_key
        and any(naming.names_title(t, task.title_key) for t in (row.subject, row.opening))
    ]


async def _naming_the_id(session: AsyncSession, task: Task, name: str) -> list[Relation]:
    bearers = (await session.execute(_bearing_id(name).limit(RECURRING))).all()
    if len(bearers) >= RECURRING:
        return []
    because = f"Its opening names this row's id: “{name}”."
    return [
        Relation(row.task_id, "mentions_title", because, row.id)
        for row in await session.execute(await _openers_with(session, task, name))
        if name in naming.ids_within(f"{row.subject}\n{row.opening}")
    ]


async def _openers_with(session: AsyncSession, task: Task, phrase: str) -> Select[Any]:
    """The newest messages that open a conversation and hold the words of `phrase`."""
    earlier = aliased(StoredItem)
    first = ~exists().where(earlier.task_id == StoredItem.task_id, earlier.sent_at < StoredItem.sent_at)
    columns = (
        StoredItem.id,
        StoredItem.task_id,
        StoredItem.bare_subject.label("subject"),
        func.substr(StoredItem.text, 1, _OPENING).label("opening"),
        Task.title_key,
    )
    query = select(*columns).join(Task, Task.id == StoredItem.task_id)
    query = query.where(search.holding(phrase, sqlite=await _on_sqlite(session)))
    query = query.where(StoredItem.work.is_(None), Task.deleted_at.is_(None), Task.id != task.id, first)
    return query.order_by(StoredItem.id.desc()).limit(_LOOKED_AT)


async def _of_the_same_title(session: AsyncSession, task: Task) -> list[Relation]:
    """Living tasks called the same that began within 90 days, unless the title recurs."""
    if not task.title_key:
        return []
    columns = (Task.id, Task.title, Task.status, Task.opened_at, Task.separated)
    query = select(*columns).where(Task.title_key == task.title_key, Task.deleted_at.is_(None))
    rows = (await session.execute(query.order_by(Task.id).limit(RECURRING))).all()
    if len(rows) >= RECURRING:
        return []
    return [
        Relation(row.id, "same_title", called_the_same(task, row), None, duplicate=may_be_one(task, row))
        for row in rows
        if row.id != task.id and abs(row.opened_at - task.opened_at) <= SAME_MATTER
    ]


def may_be_one(one: Task | AnyRow, other: Task | AnyRow) -> bool:
    """Whether two tasks of the same title are proposed as duplicates."""
    apart = one.separated or other.separated
    near = abs(one.opened_at - other.opened_at) <= SAME_MATTER
    return near and not apart and "not_for_us" not in (one.status, other.status)


def called_the_same(one: Task | AnyRow, other: Task | AnyRow) -> str:
    days = abs(one.opened_at - other.opened_at).days
    when = "on the same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart"
    return f"Both are called “{naming.quoted(other.title)}” and began {when}."


async def borne_by_few(session: AsyncSession, keys: Collection[str]) -> list[str]:
    """Those of `keys` that one to three living tasks bear as their title. Looks at no more than four of each."""
    if not keys:
        return []
    given: Any = literal(sorted(keys), JSON)
    each = func.json_each if await _on_sqlite(session) else func.json_array_elements_text
    wanted = each(given).table_valued("value")
    bearers = select(Task.id).where(Task.title_key == wanted.c.value, Task.deleted_at.is_(None)).limit(RECURRING)
    count = select(func.count()).select_from(bearers.correlate(wanted).subquery()).correlate(wanted).scalar_subquery()
    query = select(wanted.c.value).where(count.between(1, RECURRING - 1))
    return [str(key) for key in (await session.execute(query)).scalars()]


async def rows_among(session: AsyncSession, task_ids: Sequence[int]) -> set[int]:
    """Those of the tasks that are rows at their source."""
    found: set[int] = set()
    for some in chunks(task_ids):
        found |= set((await session.execute(select(Task.id).where(Task.id.in_(some), _is_row(Task.id)))).scalars())
    return found


def _is_row(task_id: Any) -> Any:
    item = aliased(StoredItem)
    return exists().where(item.task_id == task_id, item.work.is_not(None))


def _bearing_id(name: str) -> Select[Any]:
    """Ids of the tasks whose row bears the id."""
    query = select(StoredItem.task_id).join(ItemLink, ItemLink.item_id == StoredItem.id)
    return query.where(ItemLink.key == naming.id_key(name), StoredItem.task_id.is_not(None))


async def _on_sqlite(session: AsyncSession) -> bool:
    return (await session.connection()).dialect.name == "sqlite"
