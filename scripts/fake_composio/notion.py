"""Notion for the stand-in: databases with rows and pages, asked with the tools that Composio offers.

As at Notion, times are told in whole minutes, rows in the trash are not listed, a cursor whose row has left the result
is refused, and a database with several data sources can only be asked source by source.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scripts.fake_composio.notion_shapes import (
    PRIORITIES,
    STATUSES,
    Json,
    Row,
    dashed,
    fits,
    listed,
    minute,
    ordered,
    text,
    told_block,
    told_row,
    usual_schema,
    value,
)
from scripts.fake_composio.notion_writes import ARCHIVED, NO_LEAVE, changed
from scripts.fake_composio.toolkit import Arguments, ToolFailed, ToolFunction

Clock = Callable[[], datetime]
LARGEST = 100
NOT_FOUND = (
    "Could not find {what} with ID: {own}. Make sure the relevant pages and databases are shared with your integration."
)
SEVERAL = "Databases with multiple data sources are not supported in this API version."
CHANGES = (
    *("generate", "add_database", "add_data_source", "set_schema", "share"),
    *("add_row", "edit_row", "trash_row", "restore_row", "delete_row", "move_row", "let_write"),
)
WORDS = ("roof", "invoice", "contract", "server", "door", "visit", "report", "ladder", "budget", "order")


@dataclass
class Source:
    id: str
    database: str
    name: str
    properties: Json


@dataclass
class Database:
    id: str
    title: str
    created: datetime
    edited: datetime
    sources: list[str] = field(default_factory=list)
    shared: bool = True


@dataclass
class NotionSpace:
    """A workspace as one integration sees it."""

    now: Clock
    seed: int = 1
    databases: dict[str, Database] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    default_size: int = LARGEST
    stale: bool = False
    """Whether cursors have expired."""
    writable: bool = True
    """Whether the connection has «Update content»."""
    toolkit: str = "notion"

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def generate(self, databases: int = 1, rows: int = 100, seed: int | None = None) -> "NotionSpace":
        """So many databases with so many rows each, made within the last three weeks."""
        chance = random.Random(self.seed if seed is None else seed)
        for number in range(1, databases + 1):
            database = self.add_database(f"Tasks {number}")
            for place in range(rows):
                at = self.now() - timedelta(minutes=chance.randrange(21 * 24 * 60), seconds=chance.randrange(60))
                status = chance.choice([name for names in STATUSES.values() for name in names])
                title = f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} {place + 1}"
                due = (at + timedelta(days=chance.randrange(1, 40))).date().isoformat()
                said = {"Name": title, "Status": status, "Due": due, "Priority": chance.choice(PRIORITIES)}
                self.add_row(database, said, markdown=f"Notes on **{title}**", at=at)
        return self

    def new_id(self) -> str:
        key = f"{self._random.getrandbits(128):032x}"
        return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"

    def add_database(self, title: str, properties: Json | None = None) -> str:
        own = self.new_id()
        self.databases[own] = Database(own, title, self.now(), self.now())
        self.add_data_source(own, title, properties)
        return own

    def add_data_source(self, database: str, name: str, properties: Json | None = None) -> str:
        own = self.new_id()
        self.sources[own] = Source(own, database, name, usual_schema() if properties is None else properties)
        self.databases[database].sources.append(own)
        return own

    def set_schema(self, table: str, properties: Json) -> None:
        """`table` is a data source, or a database with one."""
        self.source_of(table).properties = properties
        self.databases[self.source_of(table).database].edited = self.now()

    def add_row(
        self, table: str, said: Mapping[str, Any], *, markdown: str = "", at: datetime | None = None, own: str = ""
    ) -> str:
        """A row of a database or data source; `said` holds plain values by property."""
        source = self.source_of(table)
        own = own or self.new_id()
        made = at or self.now()
        properties = {name: value(what["type"], said.get(name)) for name, what in source.properties.items()}
        self.rows[own] = Row(own, source.id, properties, made, made, self.person(0), markdown)
        return own

    def edit_row(self, row: str, said: Mapping[str, Any] | None = None, *, markdown: str | None = None) -> None:
        held = self.rows[row]
        schema = self.sources[held.source].properties
        held.properties |= {name: value(schema[name]["type"], given) for name, given in (said or {}).items()}
        held.markdown = held.markdown if markdown is None else markdown
        held.edited = self.now()

    def trash_row(self, row: str) -> None:
        self.rows[row].trashed, self.rows[row].edited = True, self.now()

    def restore_row(self, row: str) -> None:
        self.rows[row].trashed, self.rows[row].edited = False, self.now()

    def delete_row(self, row: str) -> None:
        """For good: nobody can tell any more that it was there."""
        del self.rows[row]

    def move_row(self, row: str, table: str) -> None:
        self.rows[row].source = self.source_of(table).id

    def let_write(self, allowed: bool = True) -> None:
        self.writable = allowed

    def share(self, database: str, shared: bool = True) -> None:
        self.databases[database].shared = shared

    def change(self, command: dict[str, Any]) -> Any:
        """{"do": "add_row", …}: one of the methods above with its arguments by name."""
        if (name := command.get("do")) not in CHANGES:
            raise ValueError(f"there is no «{name}» here, only {', '.join(CHANGES)}")
        given = {key: each for key, each in command.items() if key != "do"}
        if isinstance(given.get("at"), str):
            given["at"] = datetime.fromisoformat(given["at"])
        try:
            done = getattr(self, str(name))(**given)
        except (TypeError, KeyError) as error:
            raise ValueError(f"«{name}» can't be done so: {error}") from error
        return {"rows": len(self.rows)} if done is self else done

    def source_of(self, table: str) -> Source:
        if table in self.sources:
            return self.sources[table]
        return self.sources[self.databases[table].sources[0]]

    def person(self, number: int) -> str:
        return f"aaaaaaaa-0000-4000-8000-{number:012x}"

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "NOTION_FETCH_DATABASE": self.fetch_database,
            "NOTION_QUERY_DATABASE": self.query_database,
            "NOTION_QUERY_DATABASE_WITH_FILTER": self.query_database,
            "NOTION_QUERY_DATA_SOURCE": self.query_data_source,
            "NOTION_SEARCH_NOTION_PAGE": self.search,
            "NOTION_FETCH_ROW": self.fetch_row,
            "NOTION_RETRIEVE_PAGE": self.fetch_row,
            "NOTION_GET_PAGE_MARKDOWN": self.markdown,
            "NOTION_FETCH_BLOCK_CONTENTS": self.blocks,
            "NOTION_UPDATE_PAGE": lambda asked: self.update(asked, "page_id"),
            "NOTION_UPDATE_ROW_DATABASE": lambda asked: self.update(asked, "row_id"),
        }

    def fetch_database(self, asked: Arguments) -> Json:
        database = self.database(asked)
        one = database.sources[0] if len(database.sources) == 1 else None
        return self.told_database(database, self.sources[one].properties if one else {})

    def told_database(self, database: Database, properties: Json) -> Json:
        return {
            "object": "database",
            "id": database.id,
            "title": text(database.title),
            "description": [],
            "properties": {name: {"id": name, "name": name, **what} for name, what in properties.items()},
            "parent": {"type": "workspace", "workspace": True},
            "url": f"https://www.notion.so/{database.id.replace('-', '')}",
            "archived": False,
            "is_inline": False,
            "created_time": minute(database.created),
            "last_edited_time": minute(database.edited),
            "data_sources": [{"id": own, "name": self.sources[own].name} for own in database.sources],
        }

    def query_database(self, asked: Arguments) -> Json:
        database = self.database(asked)
        if len(database.sources) > 1:
            raise ToolFailed(SEVERAL, 400)
        return self.query(database.sources[0], asked)

    def query_data_source(self, asked: Arguments) -> Json:
        own = dashed(str(asked.get("data_source_id", "")))
        source = self.sources.get(own)
        if source is None or not self.databases[source.database].shared:
            raise ToolFailed(NOT_FOUND.format(what="data source", own=own), 404)
        return self.query(own, asked)

    def query(self, source: str, asked: Arguments) -> Json:
        rows = [row for row in self.rows.values() if row.source == source and not row.trashed]
        rows = ordered([row for row in rows if fits(row, asked.get("filter"))], asked.get("sorts") or [])
        page, token = self.page([row.id for row in rows], asked)
        return listed([self.told_row(self.rows[own]) for own in page], token, "page_or_database")

    def page(self, ids: list[str], asked: Arguments) -> tuple[list[str], str | None]:
        size = asked.get("page_size") or self.default_size
        if not isinstance(size, int) or not 1 <= size <= LARGEST:
            raise ToolFailed("body failed validation: body.page_size should be ≤ `100`.", 400)
        start = asked.get("start_cursor")
        if start and (self.stale or start not in ids):
            raise ToolFailed(f"The start_cursor provided is invalid: {start}", 400)
        first = ids.index(start) if start else 0
        return ids[first : first + size], next(iter(ids[first + size : first + size + 1]), None)

    def told_row(self, row: Row) -> Json:
        source = self.sources[row.source]
        return told_row(row, source.database, several=len(self.databases[source.database].sources) > 1)

    def search(self, asked: Arguments) -> Json:
        if asked.get("filter_value") == "page":
            shown = [row.id for row in self.rows.values() if not row.trashed]
            page, token = self.page(shown, asked)
            return listed([self.told_row(self.rows[own]) for own in page], token, "page_or_database")
        page, token = self.page([own for own, each in self.databases.items() if each.shared], asked)
        found = [self.databases[own] for own in page]
        told = [self.told_database(each, self.sources[each.sources[0]].properties) for each in found]
        return listed(told, token, "page_or_database")

    def fetch_row(self, asked: Arguments) -> Json:
        return self.told_row(self.row(asked, "page_id"))

    def update(self, asked: Arguments, name: str) -> Json:
        row = self.row(asked, name)
        if not self.writable:
            raise ToolFailed(NO_LEAVE, 403, {"object": "error", "code": "restricted_resource", "message": NO_LEAVE})
        if row.trashed:
            raise ToolFailed(ARCHIVED, 400)
        self.edit_row(row.id, changed(self.sources[row.source].properties, asked.get("properties")))
        return self.told_row(row)

    def markdown(self, asked: Arguments) -> Json:
        row = self.row(asked, "page_id")
        said = {"object": "page_markdown", "id": row.id, "markdown": row.markdown}
        return {**said, "truncated": False, "unknown_block_ids": []}

    def blocks(self, asked: Arguments) -> Json:
        row = self.row(asked, "block_id")
        lines = [line for line in row.markdown.split("\n") if line]
        page, token = self.page([str(place) for place in range(len(lines))], asked)
        told = [told_block(row, int(place), lines[int(place)]) for place in page]
        return listed(told, token, "block")

    def database(self, asked: Arguments) -> Database:
        own = dashed(str(asked.get("database_id", "")))
        if own in self.rows:
            raise ToolFailed(f"Provided ID {own} is a page, not a database.", 400)
        found = self.databases.get(own)
        if found is None or not found.shared:
            raise ToolFailed(NOT_FOUND.format(what="database", own=own), 404)
        return found

    def row(self, asked: Arguments, name: str) -> Row:
        own = dashed(str(asked.get(name, "")))
        row = self.rows.get(own)
        if row is None or not self.databases[self.sources[row.source].database].shared:
            raise ToolFailed(NOT_FOUND.format(what="page", own=own), 404)
        return row
