"""JSON as Notion's API answers: one answer, lists of them, or recorded calls with their answers inside.

Documents are read twice: once for what belongs together across them (survey.py), once for the pages in their order.
A page that comes several times is given each time, the newest being told by when it was last edited.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from json import JSONDecodeError
from typing import Any

from app.integrations.contract import Options
from app.integrations.exports.charset import clean, decode
from app.integrations.exports.json_values import NESTED, STRICT, decoded, too_deep
from app.integrations.exports.tree import Damaged, Entry
from app.integrations.notion import survey
from app.integrations.notion.cells import Cell, Json, a_dict, a_text, an_id, person
from app.integrations.notion.markdown import readable
from app.integrations.notion.meanings import understood
from app.integrations.notion.pages import Page, Shown, Table, read_moment, to_item
from app.integrations.notion.survey import GONE, Survey
from app.records import Item, Refusal

MOST_JSON = 128_000_000
"""Bytes of one document: it is held in memory as a whole, at some six times its size."""
PAGE = re.compile(rb'"object"\s*:\s*"(?:page|database|data_source|block|page_markdown|comment)"')
CALLS = re.compile(rb'"notion_version"|developers\.notion\.com|"notion-version"', re.IGNORECASE)
USERS = re.compile(rb'"object"\s*:\s*"user"')
PEOPLE = re.compile(rb'"(?:bot|person|avatar_url)"\s*:')
IDS = re.compile(rb'"id"\s*:\s*"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"')


class Unreadable(ValueError):
    """A document that is no JSON. The message is a sentence for people."""


def is_notion(head: bytes) -> bool:
    """Whether JSON that begins with `head` came from Notion's API; others too call things by an «object»."""
    if CALLS.search(head):
        return True
    return bool(IDS.search(head) and (PAGE.search(head) or (USERS.search(head) and PEOPLE.search(head))))


def load(entry: Entry) -> tuple[Any, int]:
    """The document, and how many values in it were left out as too deep. JSON lines come as a list.

    Raises Unreadable, Damaged or OSError.
    """
    text, _ = decode(entry.read(MOST_JSON))
    text = text.removeprefix("\ufeff")
    try:
        return decoded(text, STRICT)
    except JSONDecodeError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and lines[0].lstrip().startswith("{") and lines[0].rstrip().endswith("}"):
            read = [parsed for line in lines if (parsed := loaded(line))]
            return [value for value, _ in read], sum(lost for _, lost in read)
        raise Unreadable(why(error)) from error


def loaded(line: str) -> tuple[Any, int] | None:
    try:
        return decoded(line, STRICT)
    except JSONDecodeError:
        return None


def why(error: JSONDecodeError) -> str:
    if error.msg == NESTED:
        return f"It is no valid JSON: {NESTED}."
    return f"It is no valid JSON: it breaks off or goes wrong at line {error.lineno}, column {error.colno}."


@dataclass(slots=True)
class Api:
    """The documents of one export, and what they tell of each other."""

    options: Options
    zone: tzinfo
    shown: Shown
    survey: Survey = field(default_factory=Survey)
    tables: dict[str, Table] = field(default_factory=dict)
    passed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def look_at(self, entry: Entry) -> None:
        """The first reading. What can't be read is told at the second."""
        try:
            survey.take(self.survey, load(entry)[0])
        except (Unreadable, Damaged, OSError):
            return

    def looked(self) -> None:
        survey.finish(self.survey)

    def read(self, entry: Entry) -> Iterator[Item | Refusal]:
        """The second reading: every page of a document, then what kept it from holding more."""
        try:
            document, lost = load(entry)
        except Unreadable as error:
            yield Refusal(entry.name, str(error))
            return
        except Damaged as error:
            yield Refusal(entry.name, str(error))
            return
        except OSError as error:
            yield Refusal(entry.name, f"It can't be opened: {error.strerror or 'unknown reason'}.")
            return
        yield from self.read_document(entry.name, document)
        if lost:
            yield Refusal(entry.name, too_deep(lost))

    def read_document(self, name: str, document: Any) -> Iterator[Item | Refusal]:
        seen: Counter[str] = Counter()
        told = False
        for found in survey.found_in(document):
            seen[found.sort] += 1
            if found.sort == "page" and survey.is_whole(found.said):
                told = True
                yield self.item(found.said)
            elif found.sort == "error":
                told = True
                yield Refusal(f"{name}, error {seen['error']}", error_said(found.said))
        if not told:
            yield Refusal(name, nothing(seen))

    def item(self, said: Json) -> Item:
        page = self.page(said)
        return self.shown.keep(page, to_item(page, self.options, self.zone))

    def page(self, said: Json) -> Page:
        own = an_id(said.get("id"))
        names, blocks = self.survey.names, self.survey.blocks
        body = blocks.body(own)
        cells = {name: self.whole(own, said, name, cell) for name, cell in survey.cells_of(said, names).items()}
        table = self.table(survey.table_of(said))
        return Page(
            own=own,
            title=survey.title_of(said),
            cells={name: cell for name, cell in cells.items() if cell.sort != "title"},
            body=body.text or readable(self.survey.markdown.get(own, "")),
            links=body.links,
            files=body.files,
            created_at=read_moment(a_text(said.get("created_time")), self.options, self.zone),
            edited_at=survey.revised_at(self.survey, self.passed, said),
            creator=person(said.get("created_by"), names),
            table=table,
            trashed=any(said.get(name) is True for name in GONE) or self.is_trashed(own, said),
        )

    def is_trashed(self, own: str, said: Json) -> bool:
        """A page is also a block of the page above it; thrown away there, its own last state doesn't tell."""
        block = self.survey.blocks.by_id.get(own)
        return bool(block and block.closed and block.gone and block.edited >= a_text(said.get("last_edited_time")))

    def whole(self, own: str, said: Json, name: str, cell: Cell) -> Cell:
        """A long relation with the pages that were asked for apart from it."""
        if cell.sort != "relation":
            return cell
        more = self.survey.related.get((own, a_text(a_dict(a_dict(said["properties"]).get(name)).get("id"))))
        if not more or len(more) <= len(cell.pages):
            return cell
        titles = self.survey.names.titles
        return replace(cell, pages=tuple(more), text=", ".join(titles.get(page) or page for page in more), problem="")

    def table(self, own: str) -> Table | None:
        if not own:
            return None
        if own not in self.tables:
            seen = self.survey.table(own)
            types = seen.types
            names = list(types)
            rows = [[row.get(name, "") for name in names] for row in seen.rows]
            found = understood(names, rows, self.options, types)
            self.tables[own] = Table(
                own=own, name=seen.name or own, columns=found, groups=seen.groups, titles=seen.titles
            )
        return self.tables[own]


def error_said(said: Json) -> str:
    status = f"{a_text(said.get('status'))} {a_text(said.get('code'))}".strip()
    return f"Notion answered with an error instead of data: {status} «{a_text(said.get('message'))[:300]}»."


def nothing(seen: Mapping[str, int]) -> str:
    """Why a document gave no item, naming what it holds instead."""
    if not seen:
        return "It is JSON, but holds nothing of Notion."
    held = ", ".join(f"{count} of the sort «{clean(sort)[:40]}»" for sort, count in sorted(seen.items())[:8])
    return f"It holds no page, only other things of Notion: {held}."
