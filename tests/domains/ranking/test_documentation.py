"""docs/ranking.md is held true: its example is what the engine says, its rulesets are rulesets."""

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domains.ranking.calendars import calendar_from
from app.domains.ranking.documents.document import read
from app.domains.ranking.engine import score
from app.domains.ranking.facts import Fact
from app.domains.ranking.ruleset import default
from tests.domains.ranking.strategies import NOW

FOLDER = Path(__file__).parents[3] / "docs"
DOCS = (FOLDER / "ranking.md").read_text("utf-8")
HEAD = {"name": "docs", "bands": {"now": 3, "next": 2, "later": 1}}
RULE = {"id": "due", "title": "Due", "say": "Due {due_at}"}


def example() -> dict[str, Fact]:
    since = Fact(value=NOW - timedelta(hours=30))
    return {
        "due_at": Fact(value=datetime(2025, 9, 26, 9, tzinfo=UTC), quote="by Friday 9 UTC"),
        "turn": Fact(value="ours"),
        "turn_since": since,
        "last_item_at": since,
        "says_urgent": Fact(value=True, quote="URGENT"),
        "asks": Fact(value=70, quote="please confirm the numbers"),
        "severity": Fact(value=40, quote="the report is wrong"),
        "sender_name": Fact(value="Ana Ruiz"),
        "sender_important": Fact(value=True),
        "addressed": Fact(value="direct"),
    }


def test_the_example_is_what_the_engine_says() -> None:
    result = score(example(), default(), NOW)

    rows = re.findall(r"^\| ([+−]\d+) \| (.+) \| (.+) \|$", DOCS, re.MULTILINE)
    told = [(int(points.replace("−", "-")), title, because) for points, title, because in rows]
    assert told == [(line.points, line.title, line.because) for line in result.contributions]
    assert f"| **{result.points}** | | band **{result.band}**, shown as {result.score}" in DOCS
    assert result.valid_until is not None
    assert f"valid until {result.valid_until:%H:%M} UTC" in DOCS


def toml_in(page: str) -> list[dict[str, Any]]:
    return [tomllib.loads(text, parse_float=Decimal) for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]


def test_its_rulesets_are_rulesets() -> None:
    whole, curve, override, inherit = toml_in(DOCS)
    documents: list[dict[str, Any]] = [whole, HEAD | {"rules": [RULE | curve]}, whole | override, whole | inherit]

    assert [read(document).rules[0].id for document in documents] == ["urgent", "due", "urgent", "urgent"]


def test_what_is_said_of_service_levels_can_be_said() -> None:
    page = (FOLDER / "service-levels.md").read_text("utf-8")
    targets, rules = toml_in(page)
    body = re.search(r"-d '(\{.*?\n  \})'", page, re.DOTALL)
    assert body is not None
    calendar = json.loads(body[1])
    own = calendar_from(calendar.pop("name"), calendar)

    targets["targets"][1]["calendar"] = own.name
    made = read(HEAD | targets | rules, {own.name: own})

    assert [target.id for target in made.targets] == ["first-urgent", "first"]
    assert made.calendars == {"support": own}


def test_every_shipped_ruleset_is_told_of() -> None:
    assert re.findall(r"\| \[(\w+)\]\(\.\./app", DOCS) == ["default", "sla", "itil", "eisenhower", "taskwarrior"]
