"""Notion's tools as this kind calls them, and what their answers must hold.

Queries always say how many rows they want: the tools' own default was 2 once. A table is asked for by its database; a
database with several data sources refuses that, and each source is then asked by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.errors import Rejected
from app.integrations.exports.links import notion_id
from app.integrations.notion.cells import Json, a_dict, a_text, an_id, rich
from app.integrations.pulling import Answer, Tools

SERVICE = "Notion"
SCHEMA, SEARCH, ROW = "NOTION_FETCH_DATABASE", "NOTION_SEARCH_NOTION_PAGE", "NOTION_FETCH_ROW"
QUERY, QUERY_SOURCE = "NOTION_QUERY_DATABASE_WITH_FILTER", "NOTION_QUERY_DATA_SOURCE"
MARKDOWN, BLOCKS = "NOTION_GET_PAGE_MARKDOWN", "NOTION_FETCH_BLOCK_CONTENTS"
TOOLS = (SCHEMA, SEARCH, ROW, QUERY, QUERY_SOURCE, MARKDOWN, BLOCKS)
PAGE_SIZE = 100
"""Notion gives no more at once."""
MOST_PAGES_SEARCHED = 20
MOST_BLOCKS = 500


@dataclass(slots=True)
class Lane:
    """One table that rows are asked of: a database, or one data source of it."""

    key: str
    """Id of the data source, or of the database where its only source is asked for by the database."""
    database: str
    name: str
    schema: Json
    """What Notion says of the table, as the object its API answers with."""
    source: str = ""
    """Id of its data source, where it is known."""
    by_source: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a query."""

    answer: Answer
    found: list[Any]
    next: str | None


@dataclass(slots=True)
class Asking:
    """One account's Notion."""

    tools: Tools

    async def call(self, tool: str, **arguments: Any) -> Answer:
        return opened(await self.tools(tool, **{name: value for name, value in arguments.items() if value is not None}))

    async def lanes(self, database: str) -> list[Lane]:
        """The tables of a database. Raises Rejected where Notion does not show it to this account."""
        return lanes_of(await self.call(SCHEMA, database_id=database), database)

    async def rows(
        self, lane: Lane, *, within: Json | None, by: str, start: str | None = None, size: int = PAGE_SIZE
    ) -> Rows:
        """Rows within a filter, in ascending order of the timestamp `by`."""
        asked = {"filter": within, "sorts": [{"timestamp": by, "direction": "ascending"}], "page_size": size}
        try:
            return rows_of(await self._query(lane, asked, start))
        except Rejected:
            if lane.by_source or not lane.source or start:
                raise
        lane.by_source = True  # the database has several sources, or is asked for in an older form
        return rows_of(await self._query(lane, asked, start))

    async def _query(self, lane: Lane, asked: Json, start: str | None) -> Answer:
        if lane.by_source:
            return await self.call(QUERY_SOURCE, data_source_id=lane.source, start_cursor=start, **asked)
        return await self.call(QUERY, database_id=lane.database, start_cursor=start, **asked)

    async def shared(self) -> list[str]:
        """Ids of the databases that are shared with the account; the search may not know the newest yet."""
        try:
            return await self._search("database")
        except Rejected:  # newer versions of the API search for sources instead
            return await self._search("data_source")

    async def _search(self, what: str) -> list[str]:
        found: dict[str, None] = {}
        start: str | None = None
        for _ in range(MOST_PAGES_SEARCHED):
            answer = await self.call(
                SEARCH, query="", filter_property="object", filter_value=what, page_size=PAGE_SIZE, start_cursor=start
            )
            page = rows_of(answer)
            found |= dict.fromkeys(own for said in page.found if (own := database_of(a_dict(said))))
            start = page.next
            if not start:
                break
        return list(found)

    async def row(self, page: str) -> Json:
        """A page with its properties. Raises Rejected where it is not there, or not for us."""
        answer = await self.call(ROW, page_id=page)
        for level in (*answer.levels(), *(a_dict(level.get("page")) for level in answer.levels())):
            if an_id(level.get("id")) and isinstance(level.get("properties"), dict):
                return level
        raise answer.unreadable("data.properties", "holds no page with an id and properties")

    async def content(self, page: str) -> Json:
        """What a page holds, as an object of the API that the reader of exports understands."""
        try:
            answer = await self.call(MARKDOWN, page_id=page)
        except Rejected:
            return await self._blocks(page)
        return {"object": "page_markdown", "id": page, "markdown": answer.find("markdown", str, "content")}

    async def _blocks(self, page: str) -> Json:
        """Its blocks, without what stands below them."""
        blocks: list[Any] = []
        start: str | None = None
        while len(blocks) < MOST_BLOCKS:
            found = rows_of(await self.call(BLOCKS, block_id=page, page_size=PAGE_SIZE, start_cursor=start))
            blocks += [{"parent": {"page_id": page}, **block} for block in found.found if isinstance(block, Mapping)]
            start = found.next
            if not start:
                break
        return {"results": blocks}


def opened(answer: Answer) -> Answer:
    """The answer as if nothing were wrapped around it that only Notion's tools wrap."""
    answer = replace(answer, service=answer.service or SERVICE)
    inner = answer.data.get("data_preview") if isinstance(answer.data, Mapping) else None
    return replace(answer, data=inner) if isinstance(inner, Mapping) else answer


def rows_of(answer: Answer) -> Rows:
    """One page of a list. Raises Unreadable where there is none, or where more follows and nothing says from where."""
    found = answer.find("results", list)
    token = answer.look("next_cursor", str, "nextCursor")
    more = answer.look("has_more", bool, "hasMore", default=bool(token))
    if more and not token:
        raise answer.unreadable("data.next_cursor", "says that more follows and holds no next_cursor")
    if more and token == answer.arguments.get("start_cursor"):
        raise answer.unreadable("data.next_cursor", "leads to the same page again")
    return Rows(answer, found, token if more else None)


def lanes_of(answer: Answer, database: str) -> list[Lane]:
    """The tables that a database's description names."""
    properties = answer.look("properties", dict)
    sources = [a_dict(source) for source in answer.look("data_sources", list, default=[])]
    sources = [source for source in sources if an_id(source.get("id"))]
    if properties is None and not sources:
        raise answer.unreadable("data.properties", "holds neither properties nor data_sources")
    title = rich(answer.look("title", list, default=[]))
    edited = answer.look("last_edited_time", str, default="")
    if len(sources) < 2:
        source = an_id(sources[0].get("id")) if sources else ""
        return [Lane(database, database, title, table(properties or {}, title, edited), source)]
    return [
        Lane(
            key=(own := an_id(source.get("id"))),
            database=database,
            name=(name := a_text(source.get("name")) or title),
            schema=table(a_dict(source.get("properties")), name, edited),
            source=own,
            by_source=True,
        )
        for source in sources
    ]


def table(properties: Json, name: str, edited: str) -> Json:
    return {"title": [{"plain_text": name}], "last_edited_time": edited, "properties": properties}


def database_of(said: Json) -> str:
    """The id of the database that a found database or data source belongs to."""
    if said.get("object") == "data_source":
        parent = a_dict(said.get("parent"))
        return an_id(parent.get("database_id")) or notion_id(a_text(said.get("url"))) or ""
    return an_id(said.get("id")) if said.get("object") == "database" else ""
