"""What a Notion API export says in other places than a page itself: who is who, which columns a table has, which
blocks a page consists of. Gathered in a first reading of all documents, so that order doesn't matter."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.integrations.exports.charset import clean
from app.integrations.notion.blocks import Block, Blocks
from app.integrations.notion.cells import Cell, Json, Names, a_dict, a_list, a_text, an_id, cell, hrefs, person, rich
from app.records import Person

ROWS_LOOKED_AT = 100
GONE = ("in_trash", "archived", "is_archived")
CHILDREN = re.compile(r"/blocks/([0-9a-fA-F-]{32,36})/children")
PROPERTY = re.compile(r"/pages/([0-9a-fA-F-]{32,36})/properties/([^/?]+)")


@dataclass(slots=True)
class Seen:
    """A database or data source, as far as the documents tell."""

    name: str = ""
    edited: str = ""
    schema: dict[str, str] = field(default_factory=dict)
    """Type by property, in the order in which Notion tells them."""
    met: dict[str, str] = field(default_factory=dict)
    """The same as the rows have it: a schema may be missing, or be of another time."""
    groups: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, str]:
        return self.schema | {name: sort for name, sort in self.met.items() if name not in self.schema}


@dataclass(slots=True)
class Survey:
    """Everything that was found."""

    names: Names = field(default_factory=Names)
    blocks: Blocks = field(default_factory=Blocks)
    tables: dict[str, Seen] = field(default_factory=dict)
    versions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a page comes, by id and the time it was last edited."""
    markdown: dict[str, str] = field(default_factory=dict)
    related: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    """The whole of a long relation, by page and property id, where it was asked for by itself."""
    comments: dict[str, Json] = field(default_factory=dict)

    def table(self, own: str) -> Seen:
        return self.tables.setdefault(own, Seen())


@dataclass(frozen=True, slots=True)
class Found:
    """An object of Notion in a document."""

    sort: str
    said: Json
    above: str
    """Id of the page or block it was found in or listed for; "" where that isn't known."""
    path: str
    """The address that answered with it, where calls were recorded."""


def found_in(document: Any, blocks: Blocks | None = None) -> Iterator[Found]:
    """Every object of `document` from top to bottom; its blocks are put into `blocks`. Walks without recursion."""
    waiting: list[tuple[Any, str, str]] = [(document, "", "")]
    while waiting:
        value, above, path = waiting.pop()
        if isinstance(value, list):
            waiting += [(inner, above, path) for inner in reversed(value)]
        if not isinstance(value, dict):
            continue
        if "response" in value and isinstance(value.get("path"), str):  # a recorded call: what was asked is no answer
            path = value["path"]
            listed = CHILDREN.search(path)
            waiting.append((value["response"], an_id(listed[1]) if listed else "", path))
            continue
        sort = value.get("object")
        if isinstance(sort, str):
            yield Found(sort, value, above, path)
            if sort == "block" and blocks is not None:
                above = blocks.add(value, above)
            elif sort == "page":
                above = an_id(value.get("id"))
        waiting += [(inner, above, path) for inner in reversed(list(value.values())) if isinstance(inner, dict | list)]


def take(survey: Survey, document: Any) -> None:
    """Adds what `document` holds."""
    for found in found_in(document, survey.blocks):
        said, own = found.said, an_id(found.said.get("id"))
        if found.sort == "user" and own:
            take_user(survey.names, own, said)
        elif found.sort in ("data_source", "database") and own:
            take_table(survey, own, said)
        elif found.sort == "page" and is_whole(said):
            take_page(survey, own, said)
        elif found.sort == "page_markdown" and own:
            survey.markdown[own] = a_long_text(said.get("markdown"))
        elif found.sort == "comment" and own:
            survey.comments[own] = said
        elif found.sort == "property_item" and (asked := PROPERTY.search(found.path)):
            related = an_id(a_dict(said.get("relation")).get("id"))
            if related:
                survey.related.setdefault((an_id(asked[1]), asked[2]), {})[related] = None


def finish(survey: Survey) -> None:
    """To be called when all documents are taken: comments become lines below what they are about."""
    for own, said in survey.comments.items():
        parent = a_dict(said.get("parent"))
        about = an_id(parent.get("page_id")) or an_id(parent.get("block_id"))
        who = person(said.get("created_by"), survey.names)
        line = f"Comment by {who.name or 'somebody'}: {rich(said.get('rich_text'))}"
        if about:
            survey.blocks.put(own, about, Block(line, links=tuple(hrefs(said.get("rich_text")))))


def is_whole(page: Json) -> bool:
    """A mention or relation names a page; only the page itself has properties."""
    return bool(an_id(page.get("id"))) and isinstance(page.get("properties"), dict)


def a_long_text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


def take_user(names: Names, own: str, said: Json) -> None:
    fresh = person(said, Names())
    before = names.people.get(own, Person())
    address = before.address if fresh.address.startswith("notion:") and before.address else fresh.address
    names.people[own] = Person(fresh.name or before.name, address)


def take_table(survey: Survey, own: str, said: Json) -> None:
    for source in map(a_dict, a_list(said.get("data_sources"))):
        if an_id(source.get("id")) and not survey.table(an_id(source.get("id"))).name:
            survey.table(an_id(source.get("id"))).name = a_text(source.get("name"))
    seen, edited = survey.table(own), a_text(said.get("last_edited_time"))
    seen.name = rich(said.get("title")) or seen.name
    schema = said.get("properties")
    if not isinstance(schema, dict) or not schema or edited < seen.edited:
        return
    seen.edited = edited
    seen.schema = {clean(name): a_text(a_dict(what).get("type")) for name, what in schema.items()}
    seen.groups = {}
    for what in map(a_dict, schema.values()):
        if what.get("type") == "status":
            seen.groups |= groups_of(a_dict(what.get("status")))


def groups_of(status: Json) -> dict[str, str]:
    """Option names to «open» or «done». Of To-do, In progress and Complete only the last is done; it is also the last
    where they are renamed. Where all options lie in one group nobody has grouped them, and it says nothing."""
    names = {a_text(what.get("id")): a_text(what.get("name")) for what in map(a_dict, a_list(status.get("options")))}
    groups = [a_dict(group) for group in a_list(status.get("groups"))]
    used = [group for group in groups if a_list(group.get("option_ids"))]
    if len(used) < 2:
        return {}
    complete = next((group for group in groups if a_text(group.get("name")).lower() == "complete"), groups[-1])
    return {
        names[option]: "done" if group is complete else "open"
        for group in used
        for option in map(a_text, a_list(group.get("option_ids")))
        if option in names
    }


def table_of(page: Json) -> str:
    """The id of the table that `page` is a row of; "" where it is none."""
    parent = a_dict(page.get("parent"))
    return an_id(parent.get("data_source_id")) or an_id(parent.get("database_id"))


def take_page(survey: Survey, own: str, said: Json) -> None:
    survey.versions[own, a_text(said.get("last_edited_time"))] += 1
    title = title_of(said)
    survey.names.titles[own] = title
    if not (table := table_of(said)):
        return
    seen = survey.table(table)
    if not seen.name and (database := an_id(a_dict(said.get("parent")).get("database_id"))):
        seen.name = survey.table(database).name
    cells = cells_of(said, survey.names)
    seen.met |= {name: what.sort for name, what in cells.items() if name not in seen.met}
    if title:
        seen.titles.setdefault(title, own)
    if len(seen.rows) < ROWS_LOOKED_AT:
        seen.rows.append({name: what.text for name, what in cells.items()})


def title_of(page: Json) -> str:
    for value in map(a_dict, a_dict(page.get("properties")).values()):
        if value.get("type") == "title":
            return " ".join(rich(value.get("title")).split())
    return ""


def cells_of(page: Json, names: Names) -> dict[str, Cell]:
    """The cells of every property by name."""
    return {clean(name): cell(value, names) for name, value in a_dict(page.get("properties")).items()}


def revised_at(survey: Survey, passed: Counter[tuple[str, str]], page: Json) -> datetime | None:
    """When `page` was last edited. Notion writes whole minutes: of several states within one minute the last in the
    document is the newest, and the others are set before it by microseconds. `passed` counts those already seen."""
    version = an_id(page.get("id")), a_text(page.get("last_edited_time"))
    passed[version] += 1
    try:
        edited = datetime.fromisoformat(version[1])
    except ValueError:
        return None
    edited = edited if edited.tzinfo else edited.replace(tzinfo=UTC)
    return edited - timedelta(microseconds=survey.versions[version] - passed[version])
