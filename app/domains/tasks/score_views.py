"""From a score to what the API and the command line show of it."""

from datetime import datetime

from app.domains.ranking import Score
from app.domains.tasks.explaining import Basis
from app.domains.tasks.score_schemas import CheckedOut, ContributionOut, RulesetRef, ScoreOut
from app.domains.tasks.views import number


def score_out(task_id: int, score: Score, at: datetime, basis: Basis = "present") -> ScoreOut:
    return ScoreOut(
        task=task_id,
        at=at,
        basis=basis,
        ruleset=RulesetRef(name=score.ruleset, version=score.version),
        tier=score.tier,
        score=number(int(score.score * 1000)),
        points=number(score.milli),
        band=score.band,
        valid_until=score.valid_until,
        reasons=list(score.reasons),
        contributions=[
            ContributionOut(
                rule=line.rule,
                title=line.title,
                points=number(int(line.points * 1000)),
                because=line.because,
                fact=line.fact,
                quote=line.quote,
                item=line.item,
            )
            for line in score.contributions
        ],
        also_checked=[
            CheckedOut(
                rule=line.rule,
                title=line.title,
                outcome=line.outcome,
                because=line.because,
                facts=list(line.facts),
            )
            for line in score.also_checked
        ],
    )
