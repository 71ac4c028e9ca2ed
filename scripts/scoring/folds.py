"""Points tried on texts that they were not fitted to."""

import re
from collections.abc import Sequence
from hashlib import sha256

from scripts.scoring.figures import area_under_curve
from scripts.scoring.finding import Finder, Found
from scripts.scoring.fitting import fit, rounded
from scripts.scoring.labelled import Labelled


def refitted(found: Found, labels: Sequence[bool], judged: Sequence[int], penalty: float) -> list[int]:
    """Whole points for each row, fitted to these texts and held near the judged ones."""
    rows = [sorted(set().union(*text)) for text in found]
    return [rounded(some) for some in fit(rows, labels, judged, penalty).points]


def fold_of(text: str, folds: int) -> int:
    """Texts that differ only in digits, case and marks share a fold: a title filed six times is one title."""
    plain = " ".join(re.findall(r"[^\W\d_]+", text.lower()))
    return int.from_bytes(sha256(plain.encode()).digest()[:8]) % folds


def of_groups(texts: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> list[int]:
    """A fold for each group: the texts that its pattern, and none before, is found in; the others are the last."""
    return [next((i for i, some in enumerate(patterns) if some.search(text)), len(patterns)) for text in texts]


def left_out(finder: Finder, texts: Labelled, judged: Sequence[int], fold: Sequence[int], *, penalty: float) -> float:
    """The area under the curve where each text has the points fitted to the other folds. `fold` names that of each."""
    found = finder.rows(texts.texts)
    points = [0] * len(found)
    for left in set(fold):
        kept = [place for place, some in enumerate(fold) if some != left]
        of_rows = refitted([found[i] for i in kept], [texts.labels[i] for i in kept], judged, penalty)
        for place, some in enumerate(fold):
            if some == left:
                points[place] = finder.points([found[place]], of_rows)[0]
    return area_under_curve(points, texts.labels)


def across(
    finder: Finder, others: Sequence[Labelled], texts: Labelled, judged: Sequence[int], *, penalty: float
) -> float:
    """The area under the curve on these texts with points fitted to the others alone."""
    labels = [label for other in others for label in other.labels]
    found = [rows for other in others for rows in finder.rows(other.texts)]
    points = finder.points(finder.rows(texts.texts), refitted(found, labels, judged, penalty))
    return area_under_curve(points, texts.labels)
