"""What a row says of itself is kept as JSON, and comes back as it was."""

import json
from datetime import UTC, datetime

from app.domains.tasks.work import from_json, to_json
from app.records import Person, Work


def test_all_that_a_row_says_comes_back() -> None:
    at = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    said = Work(
        status="declined",
        status_name="Won't do",
        due_at=at,
        priority="high",
        assignees=(Person("Ana", "ana@x.example"),),
        project="Billing",
        labels=("web",),
        scheduled_at=at,
        wait_until=at,
        started_at=at,
        notes=2,
        own_ids=("OPS-7",),
        depends_on=("row:OPS-1",),
        fields=(("Issue key", "OPS-7"),),
        attributes=(("estimate", "4h"),),
    )

    assert from_json(json.loads(json.dumps(to_json(said)))) == said


def test_what_is_not_said_takes_no_room() -> None:
    assert to_json(Work()) == {"status": "open"}
    assert from_json(to_json(Work())) == Work()
