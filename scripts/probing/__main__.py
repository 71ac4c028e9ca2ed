"""`scripts/soak api`: send what the API's description allows, and what it forbids, as every role."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from sqlalchemy.engine import URL

from scripts.benchmarks.databases import NoServer, makers
from scripts.probing.callers import NOBODY, ROLES, credentials
from scripts.probing.serving import serving

EPILOG = """
A server with the sample data is started on an empty database. Each operation of its OpenAPI document gets generated
requests, half of them sound and half of them not, from nobody, a viewer, an operator and an admin. An answer of 5xx,
one that is not described, or one that its schema does not allow, is a problem. Prints one line of JSON; exit code 1
where there is any.
"""
BEYOND_SCHEMAS: list[Any] = [positive_data_acceptance, negative_data_rejection, ignored_auth]
"""What no schema can say (a snooze ends in the future), and what tests/api/test_permissions.py tells exactly."""
_MOST_PROBLEMS = 30
_LONG_ANSWERS = frozenset({"stream_events"})
"""An answer without an end: its beginning is tried by tests/api/test_events.py."""


@dataclass
class Report:
    """What was sent, and what came of it."""

    cases: int = 0
    by_role: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    """One for each operation, role and kind of failure."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak api", description=__doc__, epilog=EPILOG)
    parser.add_argument("--cases", type=int, default=20_000, help="at least so many (default: 20000)")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--role", choices=ROLES, action="append", help="only this one; may come several times")
    parser.add_argument("--operation", action="append", help="only this one; may come several times")
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="watchfloor-probe.") as name:
        try:
            with makers(given_.database, Path(name)) as made:
                url = made.new()
                with serving(url, Path(name)) as address:
                    report = probe(address, url, given_.role or ROLES, given_.operation, given_.cases, given_.seed)
        except NoServer as error:
            parser.exit(2, f"scripts/soak: there is no Postgres: {error}\n")
    shown = {
        "cases": report.cases,
        "seconds": round(time.monotonic() - begun),
        "operations": len(report.operations),
        "by_role": dict(report.by_role),
        "by_status": dict(sorted(report.by_status.items())),
        "problems": [f"{where}: {what}" for where, what in report.problems.items()],
    }
    sys.stdout.write(json.dumps(shown) + "\n")
    return 1 if report.problems else 0


def probe(
    address: str, url: URL, roles: tuple[str, ...] | list[str], only: list[str] | None, cases: int, seed: int
) -> Report:
    """Rounds over all operations and roles, until there were enough cases."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    described = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    named = {each.definition.raw["operationId"]: each for each in described}
    operations = [each for name, each in named.items() if (name in only if only else name not in _LONG_ANSWERS)]
    report = Report()
    each_ = max(2, -(-cases // (len(operations) * len(roles) * 2)))
    with httpx.Client(base_url=address, timeout=60) as http:
        while report.cases < cases and len(report.problems) < _MOST_PROBLEMS:
            for operation in operations:
                sys.stderr.write(f"\r{report.cases} cases, {len(report.problems)} problems ")
                shown = asyncio.run(credentials(url))
                for role, mode in _ways(roles):
                    _send(operation, mode, http, role, shown[role], each_, seed + report.cases, report)
    return report


def _ways(roles: tuple[str, ...] | list[str]) -> Iterator[tuple[str, GenerationMode]]:
    for role in roles:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            yield role, mode


def _send(
    operation: Any,
    mode: GenerationMode,
    http: httpx.Client,
    role: str,
    shown: str,
    count: int,
    seed: int,
    report: Report,
) -> None:
    name = operation.definition.raw["operationId"]
    report.operations.add(name)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": shown} if shown else {}
        answer = case.call(headers=headers)
        report.cases += 1
        report.by_role[role] += 1
        report.by_status[str(answer.status_code)] += 1
        try:
            case.validate_response(answer, excluded_checks=BEYOND_SCHEMAS, headers=headers)
        except (Failure, FailureGroup) as failure:
            report.problems.setdefault(f"{name} as {role}", str(failure)[:1500])
        if role == NOBODY and answer.status_code < 300 and operation.definition.raw.get("x-permission"):
            report.problems.setdefault(f"{name} as {role}", f"let through with {answer.status_code}")

    try:
        hold()
    except hypothesis.errors.Unsatisfiable:  # nothing about it can be wrong
        return


if __name__ == "__main__":
    sys.exit(main())
