"""What a line of a score shows besides its points: the fact it rests on, and where to look."""

from typing import Any

from app.domains import ranking
from app.domains.ranking import Fact, StoredFacts
from app.domains.ranking.documents.document import read
from app.domains.ranking.network import Network
from app.domains.tasks.score.schemas import ContributionOut
from app.domains.tasks.score.views import score_out
from tests.conftest import START

BANDS = {"now": 70, "next": 40, "later": 15}
URGENT = {"id": "urgent", "title": "Urgent", "say": "Urgent", "when": "says_urgent", "points": 30}


def line(urls: dict[int, str], **fact: Any) -> ContributionOut:
    rules = read({"name": "mine", "bands": BANDS, "rules": [URGENT]})
    facts = {"says_urgent": Fact(value=True, source="item", **fact)}
    score = ranking.score(facts, rules, START)
    return score_out(7, score, START, facts=facts, urls=urls).contributions[0]


def test_a_line_leads_to_its_message_at_the_source() -> None:
    found = line({3: "https://mail.example/3"}, item=3)

    assert (found.item, found.link) == (3, "https://mail.example/3")


def test_without_an_address_it_leads_to_the_tasks_items() -> None:
    assert line({}, item=3).link == "/api/v1/tasks/7/items"


def test_what_rests_on_no_message_leads_nowhere() -> None:
    found = line({3: "https://mail.example/3"})

    assert (found.link, found.value, found.source) == (None, True, "item")


def test_what_another_task_gives_leads_to_that_task() -> None:
    for inherit in ({"share": 0.5}, {"at_least": True}):
        rules = read({"name": "mine", "bands": BANDS, "rules": [URGENT], "inherit": inherit})
        waits = {"blocks": Fact(value=("41",))}
        network = Network({7: waits, 41: {"says_urgent": Fact(value=True)}}, rules)

        (found,) = score_out(7, network.score(7, START), START, facts=waits).contributions

        assert found.link == "/api/v1/tasks/41"


def test_a_fact_that_can_not_be_read_shows_no_value() -> None:
    rules = read({"name": "mine", "bands": BANDS, "rules": [URGENT | {"fact": "due_at"}]})
    facts = StoredFacts(
        {"says_urgent": {"value": True, "source": "item"}, "due_at": {"value": "soon", "source": "item"}}
    )

    score = ranking.score({"says_urgent": Fact(value=True), "due_at": Fact(value=START)}, rules, START)

    assert score_out(7, score, START, facts=facts).contributions[0].value is None
