"""Rulesets and the engine that scores facts with them: pure, and explained line by line.

This is what other domains use; how it works is told in docs/ranking.md.
"""

from app.domains.ranking.engine import order_key, score, standing
from app.domains.ranking.explanation import TIER_ORDER, Score, Standing
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.ruleset import default
from app.domains.ranking.storage import StoredFacts, dump, load

__all__ = [
    "TIER_ORDER",
    "Fact",
    "Facts",
    "Ruleset",
    "Score",
    "Standing",
    "StoredFacts",
    "default",
    "dump",
    "load",
    "order_key",
    "score",
    "standing",
]
