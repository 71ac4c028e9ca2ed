"""Looks for committed secrets in every file that git knows and in what is staged: `scripts/check-secrets`.

What may stand there is listed in allowed-secrets.toml, each with its reason; an entry that allows nothing is an error,
so that the list only holds what is there. Exit codes: 0 none, 1 found, 2 usage.
"""

import argparse
import fnmatch
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.checking.finding import Found, in_files

ROOT = Path(__file__).resolve().parents[2]
_LARGEST = 1_000_000
"""In bytes: no file that people write is larger."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where what may stand: of which kind (empty: of any), or one secret by its digest."""

    path: str
    reason: str
    kind: str = ""
    digest: str = ""

    def covers(self, found: Found) -> bool:
        return (
            fnmatch.fnmatch(found.path, self.path)
            and self.kind in ("", found.kind)
            and self.digest in ("", found.digest)
        )


def allowed(file: Path) -> list[Allowed]:
    """Raises ValueError for an entry without a path or a reason, or one that allows everything in a file."""
    listed = [Allowed(**each) for each in tomllib.loads(file.read_text(encoding="utf-8"))["allowed"]]
    for each in listed:
        if len(each.reason) < 10 or not (each.kind or each.digest):
            raise ValueError(f"{file.name}: {each.path} needs a reason, and a kind or a digest")
    return listed


def tree(root: Path) -> Iterator[tuple[str, str]]:
    """What git knows, as it lies there now, and new files that it does not ignore."""
    for path in _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        file = root / path
        if path and file.is_file() and not file.is_symlink():
            yield from _text(path, file.read_bytes())


def staged(root: Path) -> Iterator[tuple[str, str]]:
    """What the next commit would hold of files that it changes."""
    for path in _git(root, "diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z").split("\0"):
        if path:
            shown = subprocess.run(["git", "show", f":{path}"], cwd=root, capture_output=True, check=True)
            yield from _text(path, shown.stdout)


def _text(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    if len(content) <= _LARGEST and b"\0" not in content[:8000]:
        yield path, content.decode("utf-8", "replace")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/check-secrets", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--staged", action="store_true", help="only what is staged, as before a commit")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    listed = allowed(given.root / "scripts" / "checking" / "allowed-secrets.toml")
    files = list(staged(given.root)) if given.staged else [*tree(given.root), *staged(given.root)]
    found = dict.fromkeys(in_files(files))
    bad = [each for each in found if not any(entry.covers(each) for entry in listed)]
    for each in bad:
        _say(f"{each.path}:{each.line}: {each.kind}, digest {each.digest}")
    unused = [] if given.staged else [e for e in listed if not any(e.covers(each) for each in found)]
    for entry in unused:
        _say(f"allowed-secrets.toml: nothing in {entry.path} is what this entry allows: remove it")
    if bad:
        _say(
            "Remove them: what was committed once is known, and has to be replaced where it is used. What is no secret "
            "is listed in scripts/checking/allowed-secrets.toml, with its reason."
        )
    return 1 if bad or unused else 0


if __name__ == "__main__":
    sys.exit(main())
