"""`scripts/soak parsers`: give the readers of exports what a fuzzer makes of sound ones."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.fuzzing import seeds

EPILOG = """
Each target is a process of its own: mail, tables (CSV, JSON and what is made of it), Slack and Notion exports, and raw
zip archives. A file that makes a reader raise what it must not, takes longer than --slowest or more memory than --most
is kept in --keep. Prints one line of JSON; exit code 1 where anything was found, 2 where the fuzzer is not installed
(it is in the development requirements where there is one for the platform).
"""
TARGETS = ("mail", "tables", "slack", "notion", "zip")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one target."""

    target: str
    files: int
    """How many were read."""
    seconds: int
    edges: int
    """Branches of the readers that were reached."""
    peak_mb: int
    found: tuple[str, ...]
    """Files that made it fail, by name: crash-…, timeout-…, oom-…"""
    said: str
    """The last lines of a target that failed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak parsers", description=__doc__, epilog=EPILOG)
    parser.add_argument("--minutes", type=float, default=12, help="altogether (default: 12)")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one; may come several times")
    parser.add_argument("--slowest", type=int, default=10, help="seconds for one file (default: 10)")
    parser.add_argument("--most", type=int, default=500, help="megabytes for a target (default: 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where files go that were found, and what was tried")
    given = parser.parse_args()
    try:
        import atheris  # noqa: F401, PLC0415 - only whether it is there
    except ImportError:
        parser.exit(2, "scripts/soak: there is no fuzzer here: pip install atheris\n")
    targets = given.target or TARGETS
    with tempfile.TemporaryDirectory(prefix="watchfloor-fuzz.") as name:
        folder = given.keep or Path(name)
        each_s = max(1, round(given.minutes * 60 / len(targets)))
        found = [fuzz(target, folder / target, each_s, given.slowest, given.most, given.seed) for target in targets]
    report = {
        "files": sum(each.files for each in found),
        "seconds": sum(each.seconds for each in found),
        "targets": [asdict(each) for each in found],
        "problems": [f"{each.target}: {name}" for each in found for name in each.found],
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if report["problems"] else 0


def fuzz(target: str, folder: Path, seconds: int, slowest: int, most: int, seed: int) -> Outcome:
    """Run one target to its end."""
    corpus, artifacts, words = folder / "corpus", folder / "found", folder / "words"
    corpus.mkdir(parents=True, exist_ok=True)
    artifacts.mkdir(exist_ok=True)
    for number, content in enumerate(seeds.of(target)):
        (corpus / f"seed-{number}").write_bytes(content)
    words.write_text("".join(f'"{word}"\n' for word in seeds.WORDS[target]), encoding="utf-8")
    options = (
        f"-max_total_time={seconds}",
        f"-timeout={slowest}",
        f"-rss_limit_mb={most}",
        f"-seed={seed}",
        f"-dict={words}",
        f"-artifact_prefix={artifacts}/",
        "-max_len=40000",
        "-print_final_stats=1",
    )
    command = [sys.executable, "-m", "scripts.fuzzing.target", target, str(corpus), *options]
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=os.environ, check=False)
    said = done.stdout + done.stderr
    kept = tuple(sorted(path.name for path in artifacts.iterdir()))
    failed = kept or (("it did not run",) if done.returncode else ())
    return Outcome(
        target=target,
        files=_number(said, r"stat::number_of_executed_units:\s*(\d+)"),
        seconds=round(time.monotonic() - begun),
        edges=_number(said, r"cov: (\d+)"),
        peak_mb=_number(said, r"stat::peak_rss_mb:\s*(\d+)"),
        found=failed,
        said="\n".join(said.splitlines()[-60:]) if failed else "",
    )


def _number(said: str, pattern: str) -> int:
    found = re.findall(pattern, said)
    return int(found[-1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
