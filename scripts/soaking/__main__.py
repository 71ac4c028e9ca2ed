"""`scripts/soak pulls`: kill what pulls, at random, and compare with a pull that nobody disturbed."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from scripts.benchmarks.databases import NoServer
from scripts.soaking.disturbing import Mode, Plan
from scripts.soaking.pulls import soak
from scripts.soaking.worlds import Size

EPILOG = """
Mail, Slack and Notion of a stand-in are pulled by `watchfloor serve` on SQLite (embedded), or by two workers beside it
on Postgres (workers), in small pages. Processes are killed with SIGKILL at random and started again, the world changes
meanwhile, and files are imported. In the end everything has to equal a fresh database that pulled the world once.
Prints one line of JSON for each mode; exit code 1 where anything was lost or doubled, stands differently, or was not
gone on with within ten seconds.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak pulls", description=__doc__, epilog=EPILOG)
    parser.add_argument("--kills", type=int, default=60, help="in each mode (default: 60)")
    parser.add_argument("--mode", choices=("embedded", "workers", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another world, and other moments")
    parser.add_argument("--size", type=float, default=1.0, help="of the world, as a multiple of the usual one")
    parser.add_argument("--keep", type=Path, help="a folder for logs and databases, instead of a temporary one")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing it started stays behind
    modes: tuple[Mode, ...] = ("embedded", "workers") if given.mode == "both" else (given.mode,)
    size = Size(*(int(each * given.size) for each in (400, 4, 120, 120)))
    failed = False
    with tempfile.TemporaryDirectory(prefix="watchfloor-soak.") as name:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for mode in modes:
            try:
                report = soak(Plan(mode, given.kills, given.seed, size), folder)
            except NoServer as error:
                parser.exit(2, f"scripts/soak: there is no Postgres: {error}\n")
            sys.stdout.write(json.dumps(report) + "\n")
            sys.stdout.flush()
            failed = failed or bool(report["problems"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
