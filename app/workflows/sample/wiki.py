"""The story's Notion workspace as an export: a zip within a zip, with Markdown pages and the database as CSV."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.workflows.sample import story
from app.workflows.sample.archive import zipped
from app.workflows.sample.story import Company, Telling

_COLUMNS = ("Name", "Status", "Priority", "Due", "Assignee", "Team", "Created")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table as the story writes it: `due` and `created` are its times, `assignee` a short name."""

    id: str
    name: str
    status: str
    priority: str
    due: str
    assignee: str
    team: str
    created: str


def rows() -> list[_Row]:
    lines = story.read("notion")["tasks"]["rows"].strip().split("\n")
    return [_Row(*(cell.strip() for cell in line.split("|"))) for line in lines]


def addresses(company: Company) -> dict[str, str]:
    """The address of every row and page, by its name in the story."""
    named = {row.id: row.name for row in rows()} | {page["id"]: page["name"] for page in story.read("notion")["page"]}
    return {key: _address(company, key, name) for key, name in named.items()}


def _address(company: Company, key: str, name: str) -> str:
    words = "-".join(re.findall(r"\w+", name))
    return f"https://www.notion.so/{company.workspace}/{words}-{story.digits(key)}"


def export(telling: Telling) -> bytes:
    """The export as a zip."""
    table = story.read("notion")["tasks"]["name"]
    base = f"{table} {story.digits('tasks')}"
    records = [_record(telling, row) for row in rows()]
    pages = story.read("notion")["pages"]
    at = telling.calendar.now
    files = {f"{base}.csv": _table(records, _COLUMNS[:-1]), f"{base}_all.csv": _table(records, _COLUMNS)}
    for row, record in zip(rows(), records, strict=True):
        properties = [f"{name}: {value}" for name, value in record.items() if value and name != "Name"]
        text = "\n".join(properties) + "\n\n" + _told(telling, pages.get(row.id, ""), row.created)
        files[f"{base}/{_file(row.id, row.name)}"] = _page(row.name, text)
    for page in story.read("notion")["page"]:
        files[_file(page["id"], page["name"])] = _page(page["name"], _told(telling, page["text"], page["created"]))
    part = zipped(files, at)
    return zipped({f"ExportBlock-{story.digits('export', 8)}-Part-1.zip": part}, at)


def _told(telling: Telling, text: str, created: str) -> str:
    sent = telling.calendar.moment(created)
    return telling.links.put(telling.calendar.told(text.strip(), sent))


def _page(name: str, text: str) -> bytes:
    return f"# {name}\n\n{text}".strip().encode() + b"\n"


def _file(key: str, name: str) -> str:
    return f"{_NOT_IN_NAMES.sub('', name)[:50].strip()} {story.digits(key)}.md"


def _record(telling: Telling, row: _Row) -> Mapping[str, str]:
    calendar, people = telling.calendar, telling.company.people
    due = ""
    if row.due:
        at = calendar.deadline(row.due)
        due = _moment(at) if ":" in row.due or row.due.endswith("h") else _date(at)
    created = calendar.moment(f"{row.created} 10:{len(row.name) % 60:02d}")
    assignee = people[row.assignee].name if row.assignee else ""
    values = (row.name, row.status, row.priority, due, assignee, row.team, _moment(created))
    return dict(zip(_COLUMNS, values, strict=True))


def _date(at: datetime) -> str:
    return f"{at:%B} {at.day}, {at.year}"


def _moment(at: datetime) -> str:
    hour = at.hour % 12 or 12
    return f"{_date(at)} {hour}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def _table(records: list[Mapping[str, str]], columns: tuple[str, ...]) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return (_BOM + target.getvalue()).encode()
