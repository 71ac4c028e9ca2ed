"""Taskwarrior: `task export`, as one list or one task a line.

Attributes: https://taskwarrior.org/docs/task/ (dates as 20260301T120000Z). What Watchfloor has no word for is kept
among the fields; what Taskwarrior has none for either, because its users made it up, stands among the attributes too,
so that rules can look at it. The template of a recurring task is no work: its instances stand in the same export.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.integrations.contract import Manifest, Options
from app.integrations.exports import charset
from app.integrations.exports.dates import moment
from app.integrations.exports.file_charset import charset_of
from app.integrations.exports.json_scan import Broken, Found, scan
from app.integrations.exports.value_words import Status
from app.records import Automation, Item, Person, Progress, Read, Refusal, Work

Attributes = Mapping[str, Any]

STATUSES: Mapping[str, Status] = {
    "pending": "open",
    "waiting": "open",
    "recurring": "open",
    "completed": "done",
    "deleted": "declined",
}
PRIORITIES = {"H": "high", "M": "normal", "L": "low"}
READ = {
    *("id", "uuid", "description", "status", "entry", "modified", "due", "scheduled", "start"),
    *("project", "tags", "priority", "annotations", "depends"),
}
"""Attributes that have a place of their own; every other is kept as a field. `id` is a number that changes daily."""
DEFINED = READ | {
    *("end", "imask", "last", "mask", "parent", "recur", "rtype", "template", "until", "urgency", "wait"),
    *("fg", "bg"),  # before version 2.4
}
"""What Taskwarrior itself defines; every other attribute is its user's."""
LONGEST_FIELD = 2_000
MOST_FIELDS = 100
LONGEST_ATTRIBUTE = 200
MOST_ATTRIBUTES = 50


class TaskwarriorReader:
    def recognises(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                head = file.read(65_536).removeprefix(b"\xef\xbb\xbf").lstrip()
            if head[:1] not in (b"[", b"{") or b'"uuid"' not in head or b'"entry"' not in head:
                return False
            first = next(_tasks(path), None)
        except (OSError, Broken):
            return False
        return first is not None and _is_task(first.value)

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        size, number, done, note = path.stat().st_size, 0, 0, charset_of(path).note
        try:
            for found in _tasks(path):
                number, done = number + 1, min(found.done, size)
                place = f"{path.name}, task {number}"
                what = to_item(found.value, place)
                if note and isinstance(what, Item):
                    what, note = replace(what, problems=(note, *what.problems)), ""
                yield Read(what, place, Progress(done, size))
        except Broken as error:
            place = f"{path.name}, after task {number}"
            why = f"Reading stopped here: {error}; what comes after it is missing."
            yield Read(Refusal(place, why), place, Progress(size, size))
            return
        if not number:
            why = "There is no task in it." if size else "The file is empty."
            yield Read(Refusal(path.name, why), path.name, Progress(size, size))


def _tasks(path: Path) -> Iterator[Found]:
    with path.open("rb") as file:
        lines = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    return scan(path, lines=lines)


def _is_task(value: Any) -> bool:
    return isinstance(value, Mapping) and {"uuid", "entry", "status"} <= value.keys() and value["status"] in STATUSES


def to_item(task: Any, place: str) -> Item | Refusal:
    """One task; a Refusal where it has neither an uuid nor a description."""
    if not isinstance(task, Mapping):
        return Refusal(place, "It is no JSON." if isinstance(task, Broken) else "It is no task.")
    title = " ".join(_text(task.get("description")).split())
    uuid = _text(task.get("uuid")).strip().lower()[:100]
    if not title and not uuid:
        return Refusal(place, "It has no uuid and no description.")
    problems: list[str] = []
    dates = {name: _date(task, name, problems) for name in ("entry", "modified", "due", "scheduled", "start", "wait")}
    recurring = task.get("status") == "recurring"
    work = _work(task, dates, problems)
    item = Item(
        external_id=uuid or f"task-{_digest((title, _text(task.get('entry'))))}",
        sent_at=dates["entry"],
        sender=Person(),
        subject=title[:500] or "A task without a description",
        text=_annotations(task.get("annotations")),
        keys=(f"taskwarrior:{uuid}",) if uuid else (),
        automation=Automation("record", "The template of a recurring task: its instances are tasks of their own.")
        if recurring
        else None,
        revisable=True,
        revised_at=dates["modified"],
        work=None if recurring else work,
        problems=tuple(problems),
    )
    return replace(item, content_hash=_digest((item.subject, item.text, recurring, work)))


def _work(task: Attributes, dates: Mapping[str, datetime | None], problems: list[str]) -> Work:
    status = _text(task.get("status"))
    if status not in STATUSES:
        problems.append(f"Its status is none that Taskwarrior has: “{status[:60]}”; it is taken as open.")
    priority = _text(task.get("priority"))
    notes = task.get("annotations")
    fields = _fields(task, dates)
    return Work(
        status=STATUSES.get(status, "open"),
        status_name=status[:100],
        due_at=dates["due"],
        priority=PRIORITIES.get(priority, priority[:40]),
        project=_text(task.get("project"))[:200],
        labels=tuple(dict.fromkeys(_strings(task.get("tags")))),
        scheduled_at=dates["scheduled"],
        wait_until=dates["wait"],
        started_at=dates["start"],
        notes=len(notes) if isinstance(notes, list) else 0,
        depends_on=tuple(f"taskwarrior:{uuid.lower()}" for uuid in dict.fromkeys(_strings(task.get("depends")))),
        fields=fields,
        attributes=_attributes(fields, priority),
    )


def _fields(task: Attributes, dates: Mapping[str, datetime | None]) -> tuple[tuple[str, str], ...]:
    placed = {name for name in READ if dates.get(name, True)}  # a date that can't be read has no place
    named = ((charset.clean(str(name))[:200], _text(value)[:LONGEST_FIELD]) for name, value in task.items())
    return tuple(pair for pair in named if pair[1] and pair[0] not in placed)[:MOST_FIELDS]


def _attributes(fields: Iterable[tuple[str, str]], priority: str) -> tuple[tuple[str, str], ...]:
    """What the user made up: attributes of their own, and a priority that Taskwarrior doesn't come with."""
    own = [("priority", priority)] if priority and priority not in PRIORITIES else []
    own += [pair for pair in fields if pair[0] not in DEFINED]
    return tuple((name, value[:LONGEST_ATTRIBUTE]) for name, value in own[:MOST_ATTRIBUTES])


def _date(task: Attributes, name: str, problems: list[str]) -> datetime | None:
    written = _text(task.get(name))
    found = moment(written, zone=UTC, day_first=None, relative_to=None)
    if written and not found:
        problems.append(f"{name} is no date that can be read: “{written[:60]}”.")
    return found.at if found else None


def _annotations(value: Any) -> str:
    """The notes on a task, each with its day, the oldest first."""
    notes = [note for note in value if isinstance(note, Mapping)] if isinstance(value, list) else []
    lines = []
    for note in sorted(notes, key=lambda note: _text(note.get("entry"))):
        written = moment(_text(note.get("entry")), zone=UTC, day_first=None, relative_to=None)
        said = _text(note.get("description"))
        lines.append(f"{written.at:%Y-%m-%d}: {said}" if written else said)
    return "\n".join(line for line in lines if line)


def _strings(value: Any) -> list[str]:
    """Tags and dependencies come as a list; older versions write them with commas."""
    pieces = value if isinstance(value, list) else str(value or "").split(",")
    return [text for piece in pieces[:1000] if (text := _text(piece).strip()[:200])]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return charset.clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


MANIFEST = Manifest(
    kind="taskwarrior",
    title="Taskwarrior",
    description="Tasks with their projects, tags, dependencies and annotations, as `task export` writes them.",
    reader=TaskwarriorReader(),
    file_hint="what `task export > tasks.json` writes",
)
