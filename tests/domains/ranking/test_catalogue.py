"""The catalogue's types, and facts as JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.storage import check_facts, dump, load
from tests.domains.ranking import strategies as some


def test_every_example_fits_its_own_type() -> None:
    check_facts({kind.name: Fact(value=kind.example) for kind in CATALOGUE.values()})


@given(some.facts)
def test_facts_survive_json_exactly(facts: Facts) -> None:
    check_facts(facts)

    assert load(json.loads(json.dumps(dump(facts)))) == facts


def test_evidence_survives_json() -> None:
    fact = Fact(value=70, source="llm", quote="please reply", item=12, confidence=0.75)

    assert load(dump({"asks": fact})) == {"asks": fact}


def test_moments_are_written_in_utc() -> None:
    at = datetime(2025, 9, 26, 19, 0, tzinfo=timezone(timedelta(hours=2)))

    assert dump({"due_at": Fact(value=at)})["due_at"]["value"] == "2025-09-26T17:00:00Z"


def test_a_whole_double_stays_a_double() -> None:
    assert load({"money": {"value": 5, "source": "item"}})["money"].value == 5.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("says_urgent", 1),
        ("asks", True),
        ("asks", 1.5),
        ("asks", 2**63),
        ("money", float("nan")),
        ("money", float("inf")),
        ("title", 3),
        ("title", "half a \ud83d character"),
        ("due_at", datetime(2025, 9, 26)),  # noqa: DTZ001 - the naive moment is what is refused
        ("due_at", "2025-09-26"),
        ("labels", ("a", 1)),
        ("labels", "a"),
        ("dueat", datetime(2025, 9, 26, tzinfo=UTC)),
    ],
)
def test_a_fact_of_another_type_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"'{name}'"):
        check_facts({name: Fact(value=value)})


@pytest.mark.parametrize(
    "entry", [{}, {"value": 3, "origin": "item"}, {"value": "tomorrow", "source": "item"}, {"value": None}]
)
def test_json_that_is_no_fact_is_refused_by_name(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="'due_at'"):
        load({"due_at": entry})
