"""How well the scorecards of app/domains/reading rank texts that people labelled, and what points these propose.

    scripts/scorecards measure severity FILE...   area under the curve, top-k recall, and both for points refitted to
                                                  other folds, groups and files
    scripts/scorecards rows severity FILE...      how often each row was seen with yes and with no
    scripts/scorecards build severity FILE...     the table with points that the files propose, to be reviewed

FILE holds a label (yes or no), a tab and a text a line. Of a CSV file with a heading, name the columns and the labels:

    'bugs.csv?text=Summary&label=Priority&yes=Blocker,Critical&no=Minor,Trivial'
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domains.reading.read import CARDS
from scripts.scoring.building import candidates, counted, proposed
from scripts.scoring.figures import area_under_curve, interval, top_recall
from scripts.scoring.finding import finder
from scripts.scoring.folds import across, fold_of, left_out, of_groups
from scripts.scoring.labelled import Labelled, UnreadableError, load

_SHARES = (0.05, 0.1, 0.2)


def main() -> None:
    asked = _parser().parse_args()
    try:
        files = [load(file) for file in asked.file]
        if asked.do == "measure":
            lines = measured(asked.card, files, folds=asked.folds, groups=asked.group, penalty=asked.penalty)
        elif asked.do == "rows":
            lines = counted(asked.card, files)
        else:
            tried = candidates(asked.candidates) if asked.candidates else []
            lines = proposed(
                asked.card, files, tried, penalty=asked.penalty, support=asked.support, afresh=asked.afresh
            )
        for line in lines:
            sys.stdout.write(f"{line}\n")
    except (UnreadableError, OSError) as error:
        sys.exit(f"scorecards: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/scorecards", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="do", required=True)
    for name, says in (("measure", "how well it ranks"), ("rows", "its rows in the files"), ("build", "new points")):
        command = commands.add_parser(name, help=says)
        command.add_argument("card", choices=sorted(CARDS))
        command.add_argument("file", nargs="+", help="FILE, or FILE.csv?text=…&label=…&yes=…&no=…")
        if name != "rows":
            command.add_argument(
                "--penalty", type=_above_0, default=5.0, help="how firmly rows are held near the points they had"
            )
        if name == "measure":
            command.add_argument("--folds", type=_two_or_more, default=5)
            command.add_argument(
                "--group", type=_pattern, action="append", default=[], help="leave out the texts that this is found in"
            )
        if name == "build":
            command.add_argument("--candidates", type=Path, help="phrases to try: a phrase, a tab, what it says")
            command.add_argument("--support", type=int, default=5, help="texts that a row must be seen in to move")
            command.add_argument("--afresh", action="store_true", help="from 0 points, not from those that stand")
    return parser


def _above_0(given: str) -> float:
    if not (value := float(given)) > 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _two_or_more(given: str) -> int:
    if (value := int(given)) < 2:
        raise argparse.ArgumentTypeError("must be 2 or more")
    return value


def _pattern(given: str) -> re.Pattern[str]:
    try:
        return re.compile(given, re.IGNORECASE)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"no regular expression: {error}") from error


def measured(
    name: str, files: Sequence[Labelled], *, folds: int, groups: Sequence[re.Pattern[str]], penalty: float
) -> Iterator[str]:
    """A few lines for each file: the table as it stands, then points that this file, or its fold, did not shape."""
    searching = finder(name)
    judged = [row.points for row in searching.card.rows]
    for file in files:
        points = searching.points(searching.rows(file.texts), judged)
        low, high = interval(points, file.labels)
        yield f"{file.name}: {file.yes} yes, {file.no} no"
        yield f"  as it stands: area {area_under_curve(points, file.labels):.3f} ({low:.3f} to {high:.3f})"
        recalls = [f"{top_recall(points, file.labels, share):.2f} in the top {share:.0%}" for share in _SHARES]
        yield f"    of all yes: {', '.join(recalls)}"
        others = [other for other in files if other is not file]
        parts = {f"on each of {folds} folds left out": [fold_of(text, folds) for text in file.texts]}
        if groups:
            parts["on each group left out"] = of_groups(file.texts, groups)
        for words, start in (("from these points", judged), ("from 0", [0] * len(judged))):
            for left, fold in parts.items():
                area = left_out(searching, file, start, fold, penalty=penalty)
                yield f"  refitted {words}, measured {left}: area {area:.3f}"
            if others:
                area = across(searching, others, file, start, penalty=penalty)
                yield f"  refitted {words} to {' and '.join(other.name for other in others)} alone: area {area:.3f}"


if __name__ == "__main__":
    main()
