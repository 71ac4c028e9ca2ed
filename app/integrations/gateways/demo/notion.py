"""The demo's Notion: its tools over the board of board.py, in the shapes in which Composio gives them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.integrations.gateways.demo.answering import (
    NOTHING_CHANGED,
    Arguments,
    Clock,
    ToolFunction,
    missing,
    paged,
    refuse,
    size_of,
)
from app.integrations.gateways.demo.board import PRIORITIES, ROWS, STATUSES, TITLE, Row
from app.integrations.gateways.demo.company import DOMAIN, PEOPLE
from app.integrations.gateways.demo.times import Anchor

SERVICE = "Notion"
LARGEST = 100
_TIMES = ("created_time", "last_edited_time")
Json = dict[str, Any]


@dataclass(slots=True)
class Written:
    """What was written to a row, and when."""

    at: datetime
    said: Mapping[str, Any]


@dataclass
class Space:
    """One account's workspace, as it is at `now`."""

    anchor: Anchor
    now: Clock
    _written: dict[str, list[Written]] = field(default_factory=dict)

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "NOTION_FETCH_DATABASE": self._database,
            "NOTION_SEARCH_NOTION_PAGE": self._search,
            "NOTION_QUERY_DATABASE": self._query,
            "NOTION_QUERY_DATABASE_WITH_FILTER": self._query,
            "NOTION_QUERY_DATA_SOURCE": self._query,
            "NOTION_FETCH_ROW": self._row,
            "NOTION_GET_PAGE_MARKDOWN": self._markdown,
            "NOTION_FETCH_BLOCK_CONTENTS": self._blocks,
            "NOTION_UPDATE_ROW_DATABASE": self._update,
            "NOTION_UPDATE_PAGE": self._update,
        }

    @property
    def database(self) -> str:
        return self._id("database")

    def _id(self, key: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{key}.{self.anchor.mark}.{DOMAIN}"))

    def _database(self, arguments: Arguments) -> Json:
        self._check_table(arguments.get("database_id"))
        return self._told_database()

    def _check_table(self, given: Any) -> None:
        if _plain(given) not in (_plain(self.database), _plain(self._id("source"))):
            raise missing(SERVICE, "object_not_found, there is one database only")

    def _told_database(self) -> Json:
        first = min(row.made for row in ROWS)
        return {
            "object": "database",
            "id": self.database,
            "title": _text(TITLE),
            "description": [],
            "properties": {name: {"id": name, "name": name, **what} for name, what in _schema().items()},
            "parent": {"type": "workspace", "workspace": True},
            "url": _address(self.database),
            "archived": False,
            "created_time": _minute(self.anchor.moment(first)),
            "last_edited_time": _minute(self.anchor.moment(first)),
            "data_sources": [{"id": self._id("source"), "name": TITLE}],
        }

    def _search(self, arguments: Arguments) -> Json:
        if arguments.get("filter_value") == "page":
            return self._page([self._told(row) for row in self._here()], arguments)
        return self._page([self._told_database()], arguments)

    def _query(self, arguments: Arguments) -> Json:
        self._check_table(arguments.get("database_id") or arguments.get("data_source_id"))
        rows = [told for told in map(self._told, self._here()) if _fits(told, arguments.get("filter"))]
        for sort in reversed(arguments.get("sorts") or []):
            name = sort.get("timestamp") or sort.get("property_name")
            if name not in _TIMES:
                refuse(SERVICE, f"rows can't be sorted by {name}")
            backwards = sort.get("direction") == "descending" or sort.get("ascending") is False
            rows.sort(key=lambda told: str(told[name]), reverse=backwards)
        return self._page(rows, arguments)

    def _page(self, values: Sequence[Json], arguments: Arguments) -> Json:
        size = size_of(arguments, "page_size", LARGEST, LARGEST)
        page, token = paged(values, arguments.get("start_cursor"), size, lambda told: str(told["id"]), SERVICE)
        return {"object": "list", "results": list(page), "next_cursor": token, "has_more": token is not None}

    def _here(self) -> list[Row]:
        return [row for row in ROWS if self.anchor.moment(row.made) <= self.now()]

    def _found(self, given: Any) -> Row:
        found = next((row for row in self._here() if _plain(self._id(row.key)) == _plain(given)), None)
        if found is None:
            raise missing(SERVICE, "object_not_found")
        return found

    def _row(self, arguments: Arguments) -> Json:
        return self._told(self._found(arguments.get("page_id")))

    def _told(self, row: Row) -> Json:
        made = self.anchor.moment(row.made)
        changes: list[tuple[datetime, Mapping[str, Any]]] = [(self.anchor.moment(at), said) for at, said in row.later]
        changes += [(each.at, each.said) for each in self._written.get(row.key, ())]
        done = sorted((each for each in changes if each[0] <= self.now()), key=lambda each: each[0])
        edited = max([self.anchor.moment(row.edited or row.made), *(at for at, _ in done)])
        said = self._columns(row)
        for _, change in done:
            said |= change
        creator = _user(row.by)
        return {
            "object": "page",
            "id": self._id(row.key),
            "created_time": _minute(made),
            "last_edited_time": _minute(edited),
            "created_by": creator,
            "last_edited_by": creator,
            "parent": {"type": "database_id", "database_id": self.database},
            "archived": False,
            "in_trash": False,
            "properties": {name: _value(name, what["type"], said[name]) for name, what in _schema().items()},
            "url": _address(self._id(row.key)),
        }

    def _columns(self, row: Row) -> Json:
        """The row's columns as they were at first."""
        due: date | None = None if row.due is None else (self.anchor.at + timedelta(days=row.due)).date()
        told = {"Name": row.name, "Status": row.status, "Priority": row.priority, "Owner": row.owner}
        return {**told, "Due": due.isoformat() if due else None}

    def _markdown(self, arguments: Arguments) -> Json:
        row = self._found(arguments.get("page_id"))
        return {"object": "page_markdown", "id": self._id(row.key), "markdown": row.text, "truncated": False}

    def _blocks(self, arguments: Arguments) -> Json:
        row = self._found(arguments.get("block_id"))
        lines = [line for line in row.text.split("\n") if line]
        blocks = [
            {
                "object": "block",
                "id": self._id(f"{row.key}-{place}"),
                "type": "paragraph",
                "has_children": False,
                "paragraph": {"rich_text": _text(line)},
            }
            for place, line in enumerate(lines)
        ]
        return self._page(blocks, arguments)

    def _update(self, arguments: Arguments) -> Json:
        row = self._found(arguments.get("page_id") or arguments.get("row_id"))
        said = dict(map(_given, _properties(arguments.get("properties"))))
        self._written.setdefault(row.key, []).append(Written(self.now(), said))
        return self._told(row) | {"demo": NOTHING_CHANGED}


def _properties(given: Any) -> list[tuple[str, Any]]:
    """Columns that are written, as the API has them («Status»: {"status": {"name": …}}) or as a list of names, types
    and values, which Composio's tool takes."""
    if isinstance(given, Mapping):
        return list(given.items())
    if isinstance(given, list):
        return [(str(each.get("name")), each.get("value")) for each in given if isinstance(each, Mapping)]
    return refuse(SERVICE, "there are no properties to write")


def _given(written: tuple[str, Any]) -> tuple[str, Any]:
    """The column's name and its new option. Raises Rejected for what the board does not have."""
    name, value = written
    options = {"Status": [one for those in STATUSES.values() for one in those], "Priority": list(PRIORITIES)}
    inner = value.get("status", value.get("select")) if isinstance(value, Mapping) else value
    chosen = inner.get("name") if isinstance(inner, Mapping) else inner
    if name not in options or chosen not in options[name]:
        refuse(SERVICE, f"validation_error, «{name}» has no option «{chosen}»")
    return name, chosen


def _fits(told: Json, wanted: Any) -> bool:
    """Whether a row is within the filter: those on the page's own times, alone or joined by «and»."""
    if not wanted:
        return True
    if "and" in wanted:
        return all(_fits(told, each) for each in wanted["and"])
    name = wanted.get("timestamp")
    if name not in _TIMES:
        refuse(SERVICE, "validation_error, only the times of rows can be filtered by")
    at = datetime.fromisoformat(told[name])
    tests = {"on_or_after": at.__ge__, "on_or_before": at.__le__, "after": at.__gt__, "before": at.__lt__}
    return all(tests[what](datetime.fromisoformat(bound)) for what, bound in wanted[name].items())


def _schema() -> Json:
    return {
        "Name": {"type": "title", "title": {}},
        "Status": _status_schema(),
        "Due": {"type": "date", "date": {}},
        "Priority": {"type": "select", "select": {"options": [_option(name) for name in PRIORITIES]}},
        "Owner": {"type": "people", "people": {}},
    }


def _status_schema() -> Json:
    options = [_option(name) for names in STATUSES.values() for name in names]
    groups = [{"id": name, "name": name, "option_ids": list(those)} for name, those in STATUSES.items()]
    return {"type": "status", "status": {"options": options, "groups": groups}}


def _option(name: str) -> Json:
    return {"id": name, "name": name, "color": "default"}


def _value(name: str, sort: str, given: Any) -> Json:
    inner: Any = given
    if sort == "title":
        inner = _text(given)
    elif sort in ("status", "select"):
        inner = _option(given)
    elif sort == "date":
        inner = {"start": given, "end": None, "time_zone": None} if given else None
    elif sort == "people":
        inner = [_user(given)]
    return {"id": "title" if sort == "title" else name, "type": sort, sort: inner}


def _user(key: str) -> Json:
    somebody = PEOPLE[key]
    own = str(uuid.uuid5(uuid.NAMESPACE_DNS, somebody.address))
    return {
        "object": "user",
        "id": own,
        "type": "person",
        "name": somebody.name,
        "person": {"email": somebody.address},
    }


def _text(words: str) -> list[Json]:
    piece = {"type": "text", "text": {"content": words, "link": None}, "plain_text": words, "href": None}
    return [piece] if words else []


def _address(own: str) -> str:
    return f"https://notes.{DOMAIN}/{_plain(own)}"


def _plain(own: Any) -> str:
    return str(own).replace("-", "").lower()


def _minute(at: datetime) -> str:
    return at.astimezone(UTC).replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%S.000Z")
