"""Counting what happens to integrations as it happens, by their kind: names of integrations are without number."""

from datetime import datetime

from app.core import metrics
from app.domains.connections.models import SyncRun

_PULLS_S = (0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
_RESULTS = ("new", "updated", "unchanged", "refused", "gone")


def ended(kind: str, run: SyncRun) -> None:
    """A pull or an import ended, well or not. To be called once its end is stored."""
    what = "import" if run.reason == "import" else "pull"
    runs = metrics.counter(
        "watchfloor_sync_runs_total", "Pulls and imports that ended, by how.", ("kind", "what", "outcome")
    )
    runs.labels(kind, what, run.state).inc()
    items = metrics.counter(
        "watchfloor_sync_items_total",
        "Items that ended pulls and imports had read, by what became of them.",
        ("kind", "result"),
    )
    for result in _RESULTS:
        if count := getattr(run, result):
            items.labels(kind, result).inc(count)
    if run.started_at is not None and run.finished_at is not None:
        duration = metrics.histogram(
            "watchfloor_sync_duration_seconds", "How long pulls and imports took.", ("kind", "what"), _PULLS_S
        )
        duration.labels(kind, what).observe(max(0.0, seconds_between(run.started_at, run.finished_at)))


def written(kind: str, outcome: str) -> None:
    """Telling a source came to an end, or to a try that is repeated (`pending`)."""
    writes = metrics.counter(
        "watchfloor_write_attempts_total",
        "Tries to tell a source how a task stands, by how they ended.",
        ("kind", "outcome"),
    )
    writes.labels(kind, outcome).inc()


def seconds_between(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()
