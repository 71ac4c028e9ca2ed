"""Looks whether a locked package has a known hole, in the database of OSV (https://osv.dev/docs/, POST /v1/querybatch).

What is accepted is listed in accepted-advisories.toml, each with its reason. Exit codes: 0 none, 1 found, 77 the
database can't be reached. Only names and versions of packages are sent.
"""

import json
import os
import re
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-node.lock")
_ACCEPTED = Path(__file__).with_name("accepted-advisories.toml")
_WITHIN_S = 8.0
UNREACHABLE = 77

Package = tuple[str, str]


def locked(root: Path) -> list[Package]:
    """Name and version of every package of every lock."""
    found: dict[Package, None] = {}
    for lock in LOCKS:
        for pin in re.findall(
            r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", (root / lock).read_text(encoding="utf-8"), re.MULTILINE
        ):
            found[pin] = None
    return list(found)


def advisories(packages: Sequence[Package], address: str) -> Iterator[tuple[Package, str]]:
    """Each with the ids of its advisories. Raises OSError where the database can't be asked, ValueError where its
    answer is none."""
    for start in range(0, len(packages), 500):
        part = packages[start : start + 500]
        queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in part]
        results = _asked(f"{address}/v1/querybatch", {"queries": queries}).get("results")
        if not isinstance(results, list) or len(results) != len(part):
            raise ValueError("the answer is not one for each package")
        for package, result in zip(part, results, strict=True):
            for each in (result or {}).get("vulns") or ():
                yield package, str(each["id"])


def _asked(url: str, body: Mapping[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310 - the scheme is looked at below
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    if request.type not in ("http", "https"):
        raise ValueError("the database's address must begin with https:// or http://")
    with urllib.request.urlopen(request, timeout=_WITHIN_S) as answer:  # noqa: S310 - as above
        return json.load(answer)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    accepted = {each["id"]: each["reason"] for each in tomllib.loads(_ACCEPTED.read_text(encoding="utf-8"))["accepted"]}
    packages = locked(ROOT)
    try:
        found = list(advisories(packages, os.environ.get("ADVISORIES_URL", "https://api.osv.dev")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _say(f"not reachable: {type(error).__name__}")
        return UNREACHABLE
    bad = [(package, id_) for package, id_ in found if id_ not in accepted]
    for (name, version), id_ in bad:
        _say(f"{name} {version}: {id_}, see https://osv.dev/vulnerability/{id_}")
    if bad:
        _say("Lock a version that mends it (scripts/lock); or list it in accepted-advisories.toml, with the reason.")
    else:
        _say(f"{len(packages)} packages, no advisory")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
