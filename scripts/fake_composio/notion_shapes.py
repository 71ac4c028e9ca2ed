"""Shapes of Notion's API as the stand-in writes them: schemas, property values, lists, and what a query asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scripts.fake_composio.toolkit import ToolFailed

Json = dict[str, Any]
STATUSES = {"To-do": ["Backlog", "Next"], "In progress": ["Doing"], "Complete": ["Done", "Dropped"]}
PRIORITIES = ("Low", "Medium", "High")


def status_schema(groups: Mapping[str, Sequence[str]] = STATUSES) -> Json:
    """The schema of a status property: its options, and the groups they lie in."""
    names = [name for options in groups.values() for name in options]
    options = [{"id": f"o{place}", "name": name, "color": "default"} for place, name in enumerate(names)]
    ids = {option["name"]: option["id"] for option in options}
    grouped = [{"id": name, "name": name, "option_ids": [ids[one] for one in those]} for name, those in groups.items()]
    return {"type": "status", "status": {"options": options, "groups": grouped}}


def usual_schema() -> Json:
    return {
        "Name": {"type": "title", "title": {}},
        "Status": status_schema(),
        "Due": {"type": "date", "date": {}},
        "Priority": {"type": "select", "select": {"options": [{"name": name} for name in PRIORITIES]}},
        "Owner": {"type": "people", "people": {}},
    }


def text(words: str) -> list[Json]:
    piece = {"type": "text", "text": {"content": words, "link": None}, "plain_text": words, "href": None}
    return [piece] if words else []


def value(sort: str, given: Any) -> Json:
    """A property value: texts are written as rich text, names of options as options; all else is given as it is."""
    inner = given
    if sort in ("title", "rich_text") and isinstance(given, str):
        inner = text(given)
    elif sort in ("status", "select") and isinstance(given, str):
        inner = {"id": given, "name": given, "color": "default"}
    elif sort == "date" and isinstance(given, str):
        inner = {"start": given, "end": None, "time_zone": None}
    elif sort == "relation":
        return {"id": "r%3A", "type": sort, sort: [{"id": own} for own in given or []], "has_more": False}
    return {"id": "title" if sort == "title" else f"{sort[:2]}%3A", "type": sort, sort: inner}


@dataclass
class Row:
    """A row; its times to the second, as Notion knows and does not tell them."""

    id: str
    source: str
    properties: Json
    created: datetime
    edited: datetime
    creator: str
    markdown: str = ""
    trashed: bool = False


def minute(at: datetime) -> str:
    return at.astimezone(UTC).replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def dashed(own: str) -> str:
    key = own.replace("-", "").lower()
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" if len(key) == 32 else own


def listed(results: list[Json], token: str | None, what: str) -> Json:
    told = {"object": "list", "results": results, "next_cursor": token, "has_more": token is not None}
    return {**told, "type": what, what: {}, "request_id": "r"}


def fits(row: Row, wanted: Any) -> bool:
    """Whether the row is within the filter: those on the page's own times, alone or joined by «and»."""
    if not wanted:
        return True
    if "and" in wanted:
        return all(fits(row, each) for each in wanted["and"])
    name = wanted.get("timestamp")
    if name not in ("created_time", "last_edited_time"):
        raise ToolFailed("body failed validation: body.filter is of no sort that is known here.", 400)
    at = (row.created if name == "created_time" else row.edited).replace(second=0, microsecond=0)
    tests = {"on_or_after": at.__ge__, "on_or_before": at.__le__, "after": at.__gt__, "before": at.__lt__}
    return all(tests[what](datetime.fromisoformat(bound)) for what, bound in wanted[name].items())


def ordered(rows: list[Row], sorts: Sequence[Mapping[str, Any]]) -> list[Row]:
    """By «timestamp» and «direction» as Notion has it, or «property_name» and «ascending» as the plain query does."""
    for sort in reversed(sorts or [{"timestamp": "created_time", "direction": "descending"}]):
        name = sort.get("timestamp") or sort.get("property_name")
        if name not in ("created_time", "last_edited_time"):
            raise ToolFailed(f"Could not find sort property with name or id: {name}", 400)
        backwards = sort.get("direction") == "descending" or sort.get("ascending") is False
        made = name == "created_time"
        rows = sorted(rows, key=lambda row: minute(row.created if made else row.edited), reverse=backwards)
    return rows


def told_block(row: Row, place: int, line: str) -> Json:
    times = {"created_time": minute(row.created), "last_edited_time": minute(row.edited)}
    own = f"{row.id[:-4]}{place:04x}"
    words = {"rich_text": text(line), "color": "default"}
    flags = {"has_children": False, "archived": False}
    return {"object": "block", "id": own, "type": "paragraph", **flags, **times, "paragraph": words}


def told_row(row: Row, database: str, *, several: bool) -> Json:
    """A row as a page of the API; `several`: whether its database has several data sources."""
    parent: Json = {"type": "database_id", "database_id": database}
    if several:
        parent = {"type": "data_source_id", "data_source_id": row.source, "database_id": database}
    return {
        "object": "page",
        "id": row.id,
        "created_time": minute(row.created),
        "last_edited_time": minute(row.edited),
        "created_by": {"object": "user", "id": row.creator},
        "last_edited_by": {"object": "user", "id": row.creator},
        "cover": None,
        "icon": None,
        "parent": parent,
        "archived": row.trashed,
        "in_trash": row.trashed,
        "properties": row.properties,
        "url": f"https://www.notion.so/{row.id.replace('-', '')}",
        "public_url": None,
    }
