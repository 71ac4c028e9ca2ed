"""A row of a table as an item with its work, by what the columns are taken to mean.

What a row says of itself stays with it: a column without a meaning, and a date that can't be read, are kept as fields.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.integrations.contract import Column, Field, Options
from app.integrations.exports.columns import BY_NAME, BY_VALUES, LEFT_OUT, plain_name
from app.integrations.exports.dates import Moment, day_first_of, holds_days, moment
from app.integrations.exports.links import links_in
from app.integrations.exports.row_names import Names, dependencies, folded, is_global, names_of, row_key
from app.integrations.exports.row_status import PLACES, status
from app.integrations.exports.values import labels_of, people_of, priority_of
from app.records import Automation, Item, Person, Refusal, Work

Cells = Mapping[str, str]
"""A row: each column's name to what stands in it, "" for nothing."""

LONGEST_TITLE = 500
LONGEST_TEXT = 200_000
LONGEST_FIELD = 2_000
LONGEST_ID = 200
MOST_FIELDS = 100

_DATES: tuple[Field, ...] = ("changed", "created", "due", "scheduled", "started", "finished")
_PLANNED: tuple[Field, ...] = ("due", "scheduled")
"""Dates that people set, mostly as days."""
_SEVERAL = frozenset(("text", "assignee", "labels", "depends_on"))
"""Fields to which a person may give several columns."""
_OF_WORK = frozenset(("status", "priority", "due", "scheduled", "started", "finished", "assignee", "depends_on"))
_ANYTHING = frozenset(("name", "content", "text", "item", "item name", "nom", "nombre", "what"))
"""Names under which tables of anything have their title: contacts, books, transactions."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one table are read."""

    fields: Mapping[Field, tuple[str, ...]]
    """Each meaning, and the columns that bear it."""
    unread: frozenset[str]
    """Columns that bear a meaning, or that the person leaves out: they don't come among the fields."""
    zone: tzinfo
    day_first: Mapping[str, bool | None]
    days: frozenset[str]
    """Columns that hold days, though midnight is written behind each."""
    tracks_work: bool
    """False: nothing in the columns speaks of work, so its rows are kept as records."""
    scope: str
    """What tells this table's ids from another's."""
    names: Names | None = None
    """What its rows may call each other, where that was looked up."""


def layout(columns: Sequence[Column], rows: Sequence[Cells], options: Options) -> Layout:
    """`rows` are some of the first: by their dates it is judged whether the day comes first."""
    fields: dict[Field, tuple[str, ...]] = {}
    for column in columns:
        if column.field:
            fields[column.field] = (*fields.get(column.field, ()), column.name)
    dated = [name for field in _DATES for name in fields.get(field, ())]
    judged = {name: day_first_of(row[name] for row in rows if name in row) for name in dated}
    agreed = {first for first in judged.values() if first is not None}
    usual = agreed.pop() if len(agreed) == 1 else None
    given = options.day_first
    return Layout(
        fields=fields,
        unread=frozenset(column.name for column in columns if column.field or column.why == LEFT_OUT),
        zone=zone_of(options.zone),
        day_first={name: (given if given is not None else usual if j is None else j) for name, j in judged.items()},
        days=frozenset(
            name
            for field in _PLANNED
            for name in fields.get(field, ())
            if holds_days(row[name] for row in rows if row.get(name))
        ),
        tracks_work=bool(options.columns) or any(_speaks_of_work(column) for column in columns),
        scope=_digest("\x1f".join(column.name for column in columns))[:12],
    )


def _speaks_of_work(column: Column) -> bool:
    if column.field == "title":
        return column.why == BY_NAME and plain_name(column.name) not in _ANYTHING
    return column.field in _OF_WORK and not (column.field == "due" and column.why == BY_VALUES)


def zone_of(name: str, otherwise: tzinfo = UTC) -> tzinfo:
    """The time zone called `name`; `otherwise` where there is none of that name."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def to_item(cells: Cells, table: Layout, place: str, problems: Sequence[str] = ()) -> Item | Refusal:
    """The row as an item; a Refusal where it has neither a title nor a text. `place` says where it stands."""
    text = _value(cells, table, "text")
    title = _title(cells, table, text)
    if not title:
        return Refusal(place, "The row has no title and no text.")
    moments, trouble = _moments(cells, table)
    if len(text) > LONGEST_TEXT:
        text, trouble = text[:LONGEST_TEXT], [*trouble, f"The text is cut off after {LONGEST_TEXT:,} characters."]
    depends_on, missed = _dependencies(cells, table)
    work = replace(_work(cells, table, moments), depends_on=depends_on)
    created, changed = moments.get("created"), moments.get("changed")
    creators = people_of(_value(cells, table, "creator"))
    url = _url(_value(cells, table, "url"))
    automation = None if table.tracks_work else Automation("record", "No column of its table speaks of work.")
    item = Item(
        external_id=_external_id(cells, table, title),
        sent_at=created.at if created else None,
        sender=creators[0] if creators else Person(),
        subject=title[:LONGEST_TITLE],
        text=text,
        keys=_keys(cells, table, title),
        url=url,
        links=links_in(f"{text}\n{url}"),
        revisable=True,
        revised_at=changed.end if changed and changed.has_time else changed.at if changed else None,
        work=work if table.tracks_work else None,
        automation=automation,
        problems=(*problems, *trouble, *missed),
    )
    return replace(
        item, content_hash=_digest(repr((item.subject, text, url, item.sender, item.sent_at, automation, work)))
    )


def _title(cells: Cells, table: Layout, text: str) -> str:
    first_line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return " ".join(_value(cells, table, "title").split()) or " ".join(first_line.split())


def shared_ids(rows: Iterable[Cells], table: Layout) -> frozenset[int]:
    """The hashes of ids under which rows with another assignee or text would come. Costs some 200 bytes a row."""
    found: dict[int, int] = {}
    shared: set[int] = set()
    for cells in rows:
        text = _value(cells, table, "text")
        own = hash(_external_id(cells, table, _title(cells, table, text)))
        told = hash((text, _value(cells, table, "assignee")))
        if found.setdefault(own, told) != told:
            shared.add(own)
    return frozenset(shared)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _value(cells: Cells, table: Layout, field: Field) -> str:
    """What the row says of `field`: the first column that says anything, or all of them where several may."""
    found = [cells[name].strip() for name in table.fields.get(field, ()) if cells.get(name, "").strip()]
    if field in _SEVERAL:
        return "\n\n".join(found) if field == "text" else "; ".join(found)
    return found[0] if found else ""


def _moments(cells: Cells, table: Layout) -> tuple[dict[Field, Moment], list[str]]:
    """The dates of a row, and a sentence for each that can't be read. What leans on a day leans on the row's own."""
    found: dict[Field, Moment] = {}
    trouble: list[str] = []
    for field in _DATES:
        for name in table.fields.get(field, ()):
            if not (cell := cells.get(name, "").strip()) or field in found:
                continue
            own = found.get("changed") or found.get("created")
            day_first = table.day_first.get(name)
            when = moment(cell, zone=table.zone, day_first=day_first, relative_to=own.at if own else None)
            if when:
                found[field] = _as_day(when, table.zone) if name in table.days and when.is_midnight else when
            elif any(c.isalnum() for c in cell):
                trouble.append(f"{name} is no date that can be read: “{' '.join(cell.split())[:60]}”.")
    return found, trouble


def _as_day(midnight: Moment, zone: tzinfo) -> Moment:
    """The day that was written, as it is meant where the person is."""
    return Moment(datetime.combine(midnight.at.date(), time.min, zone))


def _work(cells: Cells, table: Layout, moments: Mapping[Field, Moment]) -> Work:
    due, planned, started = moments.get("due"), moments.get("scheduled"), moments.get("started")
    word, others = _value(cells, table, "status"), _others(cells, table)
    place_only = all(plain_name(name) in PLACES for name in table.fields.get("status", ()))
    state, called = status(word, others, finished="finished" in moments, place_only=place_only)
    scheduled_at = planned.at if planned else due.at if due and due.until else None
    return Work(
        status=state,
        status_name=called,
        due_at=due.end if due else None,
        priority=priority_of(_value(cells, table, "priority"))[:40],
        assignees=_assignees(cells, table),
        project=" ".join(_value(cells, table, "project").split())[:200],
        labels=labels_of(_value(cells, table, "labels")),
        scheduled_at=scheduled_at,
        started_at=started.at if started else None,
        own_ids=tuple(own for name in table.fields.get("id", ()) if (own := _plain_id(cells, name))),
        fields=_fields(cells, table, moments),
    )


def _others(cells: Cells, table: Layout) -> dict[str, str]:
    """What stands in the columns without a meaning, by their plain names."""
    return {plain_name(name): cell for name, cell in cells.items() if name not in table.unread}


def _assignees(cells: Cells, table: Layout) -> tuple[Person, ...]:
    """With the address that a column of its own gives to a single person: «Assignee Email»."""
    people = people_of(_value(cells, table, "assignee"))
    if len(people) == 1 and not people[0].address:
        named = [cell for name, cell in _others(cells, table).items() if "assignee" in name and "mail" in name]
        given = people_of(named[0]) if named else ()
        if len(given) == 1 and given[0].address:
            return (Person(people[0].name, given[0].address),)
    return people


def _plain_id(cells: Cells, name: str) -> str:
    own = " ".join(cells.get(name, "").split())
    return own if len(own) <= LONGEST_ID else ""


def _fields(cells: Cells, table: Layout, moments: Mapping[Field, Moment]) -> tuple[tuple[str, str], ...]:
    """What nothing else of the item holds, its own id first: it is the name by which people speak of it."""
    unread_dates = {name for field in _DATES if field not in moments for name in table.fields.get(field, ())}
    own = table.fields.get("id", ())
    others = [name for name in cells if name not in own and (name not in table.unread or name in unread_dates)]
    kept = [
        (name[:200], cell.strip()[:LONGEST_FIELD]) for name in (*own, *others) if (cell := cells.get(name, "")).strip()
    ]
    return tuple(kept[:MOST_FIELDS])


def _url(cell: str) -> str:
    return cell[:2000] if re.match(r"https?://[^\s/]", cell, re.IGNORECASE) and not re.search(r"\s", cell) else ""


def _own_id(cells: Cells, table: Layout) -> str:
    return " ".join(_value(cells, table, "id").split())


def _external_id(cells: Cells, table: Layout, title: str) -> str:
    """The row's own id; else a hash of what hardly changes while the row is worked on."""
    if own := _own_id(cells, table):
        return own if len(own) <= LONGEST_ID else f"row-{_digest(own)}"
    lasting: tuple[Field, ...] = ("created", "creator", "project", "url")
    return f"row-{_digest(repr((title, *(_value(cells, table, field) for field in lasting))))[:24]}"


def _keys(cells: Cells, table: Layout, title: str) -> tuple[str, ...]:
    """What other rows and tables may call it. A short id means something only where rows of its table point to it."""
    own = _own_id(cells, table)
    named_by_title = not own and table.names and table.names.titles.get(folded(title))
    if named_by_title:
        return (row_key(_external_id(cells, table, title), table.scope),)
    return (row_key(own, table.scope),) if own and (is_global(own) or "depends_on" in table.fields) else ()


def named_rows(rows: Iterable[Cells], table: Layout) -> Names | None:
    """What rows may call each other, where a column says on which others they depend."""
    if "depends_on" not in table.fields:
        return None
    titled = ((cells, _title(cells, table, _value(cells, table, "text"))) for cells in rows)
    return names_of((_own_id(cells, table), title, _external_id(cells, table, title)) for cells, title in titled)


def _dependencies(cells: Cells, table: Layout) -> tuple[tuple[str, ...], list[str]]:
    """The keys of the rows it waits for, and a sentence for each that is no row of its file."""
    keys, missed = dependencies(_value(cells, table, "depends_on"), table.scope, table.names)
    column = " / ".join(table.fields.get("depends_on", ()))
    return keys, [f"{column} names no single row of the file: “{said[:60]}”." for said in missed[:5]]
