"""What a row of a table says of its work: the columns' meanings applied to one row's cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from app.integrations.contract import Column, Field, Options
from app.integrations.exports import dates, values
from app.integrations.exports.columns import LEFT_OUT
from app.integrations.exports.dates import Moment
from app.integrations.exports.links import ids_in, page_key
from app.integrations.notion.cells import Cell
from app.records import Person, Work

HELD: frozenset[Field | None] = frozenset(
    {
        *("title", "text", "created", "changed", "creator"),
        *("status", "priority", "due", "scheduled", "started", "assignee", "labels", "project", "depends_on"),
    }
)
"""Meanings that the Item or its Work holds; a column of another is kept among the fields."""
LONGEST_FIELD = 2_000
MOST_FIELDS = 100
MOST_QUOTED = 60
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Written:
    """One row's cells under the meanings of its table's columns."""

    cells: Mapping[str, Cell]
    columns: Sequence[Column]
    options: Options
    zone: tzinfo
    problems: list[str]
    unread: set[str] = field(default_factory=set)
    """Columns whose date could not be read."""

    def cell(self, meaning: Field) -> tuple[str, Cell]:
        """The column's name and its cell; an empty one where no column means that."""
        for column in self.columns:
            if column.field == meaning and column.name in self.cells:
                return column.name, self.cells[column.name]
        return "", Cell()

    def when(self, meaning: Field, leaning_on: datetime | None) -> Moment | None:
        """The date of a column. A value that is no date becomes a problem that names both."""
        name, cell = self.cell(meaning)
        if not cell.text:
            return None
        found = dates.moment(cell.text, zone=self.zone, day_first=self.options.day_first, relative_to=leaning_on)
        if found is None:
            self.unread.add(name)
            self.problems.append(
                f"The column «{name}» holds «{cell.text[:MOST_QUOTED]}», which could not be read as a date."
            )
        return found

    def moment(self, meaning: Field, leaning_on: datetime | None) -> datetime | None:
        found = self.when(meaning, leaning_on)
        return found.at if found else None

    def people(self, meaning: Field) -> tuple[Person, ...]:
        _, cell = self.cell(meaning)
        return cell.people or values.people_of(cell.text)

    def creator(self) -> Person:
        return next(iter(self.people("creator")), Person())

    def labels(self) -> tuple[str, ...]:
        _, cell = self.cell("labels")
        return cell.names or values.labels_of(cell.text)


def work_of(
    written: Written, groups: Mapping[str, str], titles: Mapping[str, str], leaning_on: datetime | None
) -> Work:
    """The row's Work. `titles` are those of the table's rows, by which a relation may name them."""
    status, called = status_of(written, groups)
    due, planned = written.when("due", leaning_on), written.when("scheduled", leaning_on)
    started = written.when("started", leaning_on)
    written.problems.extend(
        f"The column «{name}» {cell.problem}." for name, cell in written.cells.items() if cell.problem
    )
    # Of a range the end is what is due; its beginning says from when it is to be worked on.
    begins = due.at if due and due.until and not planned else None
    return Work(
        status=status,
        status_name=called[:100],
        due_at=due.end if due else None,
        priority=values.priority_of(written.cell("priority")[1].text)[:40],
        assignees=written.people("assignee"),
        project=written.cell("project")[1].text[:200],
        labels=written.labels(),
        scheduled_at=planned.at if planned else begins,
        started_at=started.at if started else None,
        own_ids=own_ids(written.cell("id")[1]),
        depends_on=depends_on(written.cell("depends_on")[1], titles),
        fields=other_fields(written, frozenset(written.unread)),
    )


def status_of(written: Written, groups: Mapping[str, str]) -> tuple[Literal["open", "done", "declined"], str]:
    """The status and what it is called there. Where the table groups its options, the group decides between open and
    done, and words only what was declined; a name nobody knows is open."""
    _, cell = written.cell("status")
    word = " ".join(cell.text.split())
    said = values.status_of(word)
    if (checked := values.truth_of(word)) is not None:
        return ("done" if checked else "open"), ""
    group = groups.get(cell.text)
    if group == "done":
        return ("declined" if said == "declined" else "done"), word
    return ("open" if group else said or "open"), word


def depends_on(cell: Cell, titles: Mapping[str, str]) -> tuple[str, ...]:
    pages = cell.pages or ids_in(" ".join([cell.text, *cell.links]))
    if not pages and cell.text:
        whole = titles.get(cell.text.strip())
        named = [whole] if whole else [titles.get(part.strip()) for part in cell.text.split(",")]
        pages = tuple(page for page in named if page)
    return tuple(page_key(page) for page in dict.fromkeys(pages))


def own_ids(cell: Cell) -> tuple[str, ...]:
    own = " ".join(cell.text.split())
    return (own,) if 0 < len(own) <= LONGEST_ID and not cell.pages else ()


def other_fields(written: Written, unread: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Every column that neither the Item nor Work holds otherwise, and dates that can't be read."""
    elsewhere = {column.name for column in written.columns if column.field in HELD or column.why == LEFT_OUT}
    kept = ((name, cell) for name, cell in written.cells.items() if name not in elsewhere or name in unread)
    return tuple((name[:200], cell.text[:LONGEST_FIELD]) for name, cell in kept if cell.text)[:MOST_FIELDS]
