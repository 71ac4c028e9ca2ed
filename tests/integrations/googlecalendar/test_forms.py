"""Answers in the forms that Google documents and Composio passes on, with every field they have."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.integrations.googlecalendar.asking import LIST, Window, take
from app.integrations.googlecalendar.events import Reading
from app.integrations.googlecalendar.series import standing
from app.integrations.googlecalendar.settings import CalendarSettings
from app.integrations.pulling import Answer
from app.records import Person
from tests.integrations.pulled import START

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "events.json").read_text(encoding="utf-8"))
BERLIN = ZoneInfo("Europe/Berlin")


def test_every_field_of_an_event_is_read() -> None:
    answer, window = Answer(LIST, {}, DATA), Window()
    take(answer, answer.find("items", list), window)
    reading = Reading(CalendarSettings(asks="all"), START, BERLIN)
    weekly, fair, cancelled = standing(window.events, reading).values()

    assert window.refused == []
    assert (weekly.own, weekly.status, weekly.repeats) == ("4q2k8v0c7h1m5n9p3r6t2u8w0y", "open", True)
    assert (fair.status, cancelled.status) == ("open", "gone")
    item = weekly.item(reading)
    assert item.keys == ("gcal:4q2k8v0c7h1m5n9p3r6t2u8w0y/me@company.example",)
    assert (item.sender, item.sent_at) == (
        Person("Hanna Ost", "host@partner.example"),
        datetime(2026, 3, 16, 9, tzinfo=UTC),
    )
    assert item.recipients == (Person("", "me@company.example"), Person("Hanna Ost", "host@partner.example"))
    assert item.text.split("\n") == ["Agenda", "1. Offers", "2. Dates"]
    assert item.work is not None
    assert item.work.due_at == datetime(2026, 3, 23, 13, tzinfo=UTC)
    assert item.work.fields == (
        ("When", "2026-03-23 14:00 to 14:45 (Europe/Berlin)"),
        ("Repeats", "Yes; this is the next time"),
        ("Where", "Site office"),
        ("Meeting link", "https://meet.google.com/abc-defg-hij"),
    )
    whole = fair.item(reading)
    assert whole.work is not None
    assert whole.work.due_at == datetime(2026, 3, 28, 23, 59, tzinfo=BERLIN)
