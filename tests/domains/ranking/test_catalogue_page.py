"""docs/facts.md is what the catalogue says."""

from pathlib import Path

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.catalogue_page import page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_facts_is_made_from_the_catalogue() -> None:
    assert (DOCS / "facts.md").read_text("utf-8") == page(), "run scripts/catalogue"


def test_every_fact_has_its_row() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]

    assert [row.split("`")[1] for row in rows] == list(CATALOGUE)
    assert all(row.count("|") == 5 for row in rows)
