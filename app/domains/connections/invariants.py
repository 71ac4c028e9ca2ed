"""What must always hold of runs, besides what their tables enforce, for `watchfloor db check`."""

from sqlalchemy import func, select

from app.core.integrity import Invariant
from app.domains.connections.models import SyncRun, SyncWarning

_REPORT = "Only the run's report is wrong. Import the same thing again for a right one."

_run = select(SyncRun.id)
_parts = SyncRun.new + SyncRun.updated + SyncRun.unchanged + SyncRun.refused
_ended = SyncRun.state.in_(("succeeded", "failed", "cancelled"))
_kept = select(func.count()).where(SyncWarning.run_id == SyncRun.id).scalar_subquery()

INVARIANTS = (
    Invariant(
        "A run's items read are not those new, updated, unchanged and refused.",
        "sync_runs.read",
        _run.where(_ended, SyncRun.read != _parts),
        _REPORT,
    ),
    Invariant(
        "A run counts other warnings than it keeps.",
        "sync_runs.warnings",
        _run.where(_ended, SyncRun.warnings != _kept),
        _REPORT,
    ),
    Invariant(
        "A run has ended and doesn't say when, or says when and goes on.",
        "sync_runs.finished_at",
        _run.where(_ended != SyncRun.finished_at.is_not(None)),
        _REPORT,
    ),
)
