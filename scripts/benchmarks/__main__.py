"""scripts/bench: runs what is asked for and shows it."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.benchmarks import (
    browsing,
    chaos,
    engines,
    figures,
    guarding,
    ingesting,
    judging,
    machine,
    measuring,
    outage,
    previewing,
    queueing,
    reranking,
    signing_in,
    starting,
    syncing,
    telling,
)
from scripts.benchmarks.databases import Makers, NoServer, makers
from scripts.benchmarks.figures import Sheet

SUBJECTS: dict[str, Callable[..., Sheet]] = {
    "ingest": ingesting.ingest,
    "storing": ingesting.storing,
    "scoring": judging.scoring,
    "preview": previewing.preview,
    "reranking": reranking.reranking,
    "queue": queueing.queue,
    "events": telling.events,
    "dashboard": browsing.dashboard,
    "guard": guarding.guarding,
    "metrics": measuring.metrics,
    "sign-in": signing_in.signing_in,
    "engines": engines.engines,
    "sync": syncing.sync,
    "chaos": chaos.chaos,
    "outage": outage.outage,
    "start": starting.start,
    "memory": starting.memory,
}
ONLY_BY_NAME = {"dashboard", "engines", "chaos", "outage"}
"""They take minutes to a quarter of an hour; engines say most where another one is there to be compared with, and the
dashboard needs a browser."""
KINDS = {"sqlite": ("sqlite",), "postgres": ("postgres",), "both": ("sqlite", "postgres")}


def main() -> int:
    given = _arguments().parse_args()
    names = given.only.split(",") if given.only else [name for name in SUBJECTS if name not in ONLY_BY_NAME]
    if unknown := [name for name in names if name not in SUBJECTS]:
        sys.stderr.write(f"There is no measure {', '.join(unknown)}; there are {', '.join(SUBJECTS)}.\n")
        return 2
    begun = time.perf_counter()
    noise = machine.Noise()
    described = machine.described()
    _say(f"On {', '.join(f'{name} {value}' for name, value in described.items())}" + (", quick" if given.quick else ""))
    if given.quick:
        small = " and ".join(f"{size:,}" for size in queueing.QUICK_SIZES)
        _say(f"Small data: {small} tasks instead of up to {queueing.SIZES[-1]:,}; one round; no large mailbox.")
    sheets: list[Sheet] = []
    skipped: list[str] = []
    with tempfile.TemporaryDirectory(prefix="watchfloor-bench.") as name:
        folder = Path(name)
        noise.listen(folder)
        for kind in KINDS[given.database]:
            try:
                with makers(kind, folder) as made:
                    sheets += _measure(names, made, folder, noise, quick=given.quick)
            except NoServer as why:
                skipped.append(f"{kind}: {why}")
                _say(f"\nSkipped {kind}: {why}.")
    took = time.perf_counter() - begun
    _say("\nNoise of the machine, at the beginning and after each measure")
    for line in noise.lines():
        _say(line)
    _say(f"\n{took:.0f} s")
    if given.json:
        report = {
            "machine": described,
            "quick": given.quick,
            "seconds": round(took, 1),
            "noise": {"cpu": noise.cpu, "disk": noise.disk},
            "skipped": skipped,
            "figures": [figure for sheet in sheets for figure in figures.as_json(sheet)],
        }
        given.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _measure(names: list[str], made: Makers, folder: Path, noise: machine.Noise, *, quick: bool) -> list[Sheet]:
    sheets = []
    for name in names:
        sheets.append(SUBJECTS[name](made, folder, quick=quick))
        _say("\n" + figures.table(sheets[-1]))
        noise.listen(folder)
    return sheets


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--database", choices=tuple(KINDS), default="sqlite")
    parser.add_argument("--only", help=", ".join(SUBJECTS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
