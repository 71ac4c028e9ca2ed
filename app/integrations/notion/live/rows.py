"""From rows as Notion answers them to items, with the content of their pages.

A row becomes an item by the reader of API exports, so that both ways it is the same item. What an item holds must
depend on its row alone and never on which rows came with it, else it would seem changed at every pull: names of people
are taken from the row, and titles of related pages are asked for where they have not been read.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.core.errors import Rejected, Unreachable, Unreadable
from app.integrations.notion import survey
from app.integrations.notion.cells import Json, Names, a_dict, a_list, a_text, an_id
from app.integrations.notion.documents import Api
from app.integrations.notion.live.asking import SERVICE, Asking, Rows
from app.integrations.notion.live.meanings import Asked
from app.integrations.notion.live.standing import Standing
from app.integrations.notion.pages import Shown, Table
from app.integrations.notion.survey import Survey
from app.integrations.pulling import Answer
from app.records import Item, Kept, Person, Read, Refusal

T = TypeVar("T")
U = TypeVar("U")
AT_ONCE = 3
MOST_REMEMBERED = 20_000
LONGEST_CONTENT = 100_000
UNREAD = "The page's content could not be read: "


@dataclass(frozen=True, slots=True)
class Row:
    """One row, checked."""

    own: str
    said: Json
    created: datetime
    edited: datetime

    @property
    def trashed(self) -> bool:
        return any(self.said.get(name) is True for name in survey.GONE)


def checked(rows: Rows) -> tuple[list[Row], list[Refusal]]:
    """The rows of a page, each once, and those that can't be read. Raises Unreadable where that is all of them."""
    found: dict[str, Row] = {}
    refused: list[Refusal] = []
    paths: list[str] = []
    for place, said in enumerate(rows.found):
        if isinstance(said, dict) and said.get("object", "page") != "page":
            continue  # a wiki's databases stand among its pages
        missing = missing_in(said)
        if not missing:
            row = row_of(said)
            found.pop(row.own, None)
            found[row.own] = row
            continue
        paths.append(f"data.results[{place}]{missing}")
        refused.append(refusal(rows.answer, said, paths[-1]))
    if paths and not found:
        raise rows.answer.unreadable(paths[0], f"holds {len(paths)} rows, none of which can be read")
    return list(found.values()), refused


def refusal(answer: Answer, said: Any, path: str) -> Refusal:
    kept = Kept(answer.tool, dict(answer.arguments), path, said, whole=False)
    return Refusal(f"a row of {SERVICE}", f"It can't be read: {path} is missing or of another form.", kept)


def missing_in(said: Any) -> str:
    """The path of the first thing that a row must hold and this doesn't; "" where all is there."""
    if not isinstance(said, dict) or not an_id(said.get("id")):
        return ".id"
    if not isinstance(said.get("properties"), dict):
        return ".properties"
    return next((f".{name}" for name in ("created_time", "last_edited_time") if moment(said.get(name)) is None), "")


def row_of(said: Json) -> Row:
    created, edited = moment(said["created_time"]), moment(said["last_edited_time"])
    if created is None or edited is None:
        raise ValueError("a row is checked before it is opened")
    return Row(an_id(said["id"]), said, created, edited)


def moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(slots=True)
class Reading:
    """Makes items of rows. What it remembers is bounded, and saves calls only."""

    asking: Asking
    asked: Asked
    standing: Standing
    titles: OrderedDict[str, str] = field(default_factory=OrderedDict)
    people: dict[str, Person] = field(default_factory=dict)

    async def reads(self, rows: Sequence[Row], table: Table) -> list[Read]:
        """The rows as items, in their order. Raises Upstream where more than one page's content is out of reach."""
        for row in rows:
            self.remember(row.own, survey.title_of(row.said))
        await self.learn_titles(rows, table)
        items = await at_once(rows, lambda row: self.item(row, table))
        return [Read(item, f"«{table.name}»") for item in items]

    async def item(self, row: Row, table: Table) -> Item:
        bare = self.made(row, table, None)
        if not self.wants_content(row, bare):
            return bare
        try:
            return self.made(row, table, await self.asking.content(row.own))
        except Unreachable as error:
            self.standing.missed(row.own)
            why = error.title
        except (Rejected, Unreadable) as error:
            why = error.title
        return replace(bare, problems=(*bare.problems, f"{UNREAD}{why[0].lower()}{why[1:]}."))

    def wants_content(self, row: Row, item: Item) -> bool:
        """Decided by the row itself, so that one version of it is read the same way each time."""
        if self.asked.content == "all":
            return not row.trashed
        if self.asked.content == "none" or row.trashed or item.work is None:
            return False
        # What was done before the first pull is history; what is done later keeps the text it had while it was open.
        return item.work.status == "open" or row.edited >= self.standing.began

    def made(self, row: Row, table: Table, content: Json | None) -> Item:
        own = Survey(names=Names(titles=dict(self.related(row, table))))
        own.versions[row.own, a_text(row.said["last_edited_time"])] = 1
        survey.take(own, {"object": "list", "results": people_in(row.said)})
        if content is not None:
            survey.take(own, content)
            own.markdown = {page: text[:LONGEST_CONTENT] for page, text in own.markdown.items()}
        api = Api(self.asked.options, self.asked.zone, Shown(), own, {survey.table_of(row.said): table})
        item = api.item(row.said)
        return self.named(item, own)

    def named(self, item: Item, own: Survey) -> Item:
        """The item with its creator's name, which the rows of others may tell: it is no part of what is written."""
        for person in own.names.people.values():
            if person.name and len(self.people) < MOST_REMEMBERED:
                self.people[person.address] = person
        known = self.people.get(item.sender.address)
        return replace(item, sender=known) if known and not item.sender.name else item

    def related(self, row: Row, table: Table) -> Iterable[tuple[str, str]]:
        return ((page, self.titles[page]) for page in shown_relations(row.said, table) if self.titles.get(page))

    async def learn_titles(self, rows: Sequence[Row], table: Table) -> None:
        wanted = dict.fromkeys(page for row in rows for page in shown_relations(row.said, table))
        await at_once([page for page in wanted if page not in self.titles], self.learn)

    async def learn(self, page: str) -> None:
        try:
            self.remember(page, survey.title_of(await self.asking.row(page)))
        except (Rejected, Unreadable):  # not shared with us, or no page: it stays known by its id
            self.remember(page, "")

    def remember(self, page: str, title: str) -> None:
        self.titles[page] = title
        self.titles.move_to_end(page)
        while len(self.titles) > MOST_REMEMBERED:
            self.titles.popitem(last=False)


def shown_relations(said: Json, table: Table) -> list[str]:
    """Pages whose titles stand in the row's columns. What a row depends on is known by keys and needs none."""
    named = {column.name for column in table.columns if column.field == "depends_on"}
    found: list[str] = []
    for name, value in a_dict(said.get("properties")).items():
        if a_dict(value).get("type") == "relation" and name not in named:
            found += [an_id(a_dict(page).get("id")) for page in a_list(a_dict(value).get("relation"))]
    return [page for page in dict.fromkeys(found) if page]


def people_in(said: Json) -> list[Any]:
    """User objects in a row; the row itself is no part of it."""
    users: list[Any] = [said.get("created_by"), said.get("last_edited_by")]
    for value in map(a_dict, a_dict(said.get("properties")).values()):
        users += [found.said for found in survey.found_in(value) if found.sort == "user"]
    return [user for user in users if isinstance(user, dict)]


async def at_once(values: Sequence[T], do: Callable[[T], Awaitable[U]]) -> list[U]:
    """`do` of each value, a few at a time, in their order. Raises the first error when those under way have ended."""
    done: list[U] = []
    for place in range(0, len(values), AT_ONCE):
        found = await asyncio.gather(*map(do, values[place : place + AT_ONCE]), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException):
                raise each
            done.append(each)
    return done
