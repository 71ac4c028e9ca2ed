"""Answers in the forms that Trello documents and Composio passes on, with every field they have."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.integrations.pulling import Answer
from app.integrations.trello.asking import CARDS, Board, Column, elements
from app.integrations.trello.cards import Naming, Place, checked, to_item
from app.records import Person

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "cards.json").read_text(encoding="utf-8"))
BOARD = Board("69aec2f000000000000000b0", "BoArD001", "House", closed=False, active=None)
PLACE = Place(
    BOARD,
    {"69aec2f000000000000000a1": Column("69aec2f000000000000000a1", "Doing", closed=False)},
    {"69aec2f000000000000000e1": "Ana Ruiz"},
    Naming(),
)


def test_every_field_of_a_card_is_read() -> None:
    cards, refused = checked(Answer(CARDS, {}, DATA))
    one, two = (to_item(card, PLACE) for card in cards)

    assert refused == []
    assert one.sent_at == datetime(2026, 3, 9, 12, 54, 8, tzinfo=UTC)
    assert one.revised_at == datetime(2026, 3, 19, 10, 15, 42, 118000, tzinfo=UTC)
    assert (one.keys, one.links) == (("trello:AbCdEf12",), ("trello:ZyXwVu98",))
    assert one.work is not None
    assert (one.work.status, one.work.status_name, one.work.project) == ("open", "Doing", "House")
    assert (one.work.assignees, one.work.labels, one.work.notes) == ((Person("Ana Ruiz"),), ("Roof", "sky"), 2)
    assert one.work.fields == (("Checklists", "1 of 4 done"), ("Attachments", "2"))
    assert two.work is not None
    assert (two.work.status, two.work.status_name) == ("done", "Doing, complete")
    assert two.work.scheduled_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["details", "cards", "data", "response_data", "items"])
def test_the_list_is_found_under_every_name_that_was_seen(name: str) -> None:
    assert elements(Answer(CARDS, {}, {name: DATA["details"]})) == DATA["details"]
    assert elements(Answer(CARDS, {}, DATA["details"])) == DATA["details"]
