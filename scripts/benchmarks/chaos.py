"""What becomes of calls and pulls while services fail: at random, and altogether.

The stand-in for Composio fails on demand (scripts/fake_composio/faults.py): of ten requests three meet one of all that
passes by itself, be it a 429 with Retry-After in seconds or as a date, 500, 502, 503, 504, a failure inside HTTP 200, a
page for people, nothing, half an answer, headers or a body that come too late, or a connection dropped before, after or
within the answer.
"""

from pathlib import Path

from structlog.testing import capture_logs

from scripts.benchmarks.chaos_calls import faulty_calls
from scripts.benchmarks.chaos_outage import outages
from scripts.benchmarks.chaos_pulls import faulty_pulls
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Sheet


def chaos(makers: Makers, _folder: Path, *, quick: bool) -> Sheet:
    """Single calls (no database takes part: beside SQLite alone), whole pulls, and an outage of everything."""
    sheet = Sheet("Chaos", makers.kind)
    rounds = 1 if quick else 3
    with capture_logs():  # that services fail is said often enough
        if makers.kind == "sqlite":
            faulty_calls(sheet, rounds=rounds, each=40 if quick else 700)
        faulty_pulls(sheet, makers, rounds=rounds, small=quick)
        outages(sheet, makers, rounds=rounds, quick=quick)
    return sheet
