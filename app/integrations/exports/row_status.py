"""Whether a row is open, done or declined: by its status, and by what other columns say of its end."""

from collections.abc import Mapping

from app.integrations.exports.value_words import Status
from app.integrations.exports.values import plain, status_of, truth_of

_REASONS = ("resolution", "state reason", "close reason", "closed reason", "reason closed", "status reason")
_ENDS = ("archived", "closed", "due complete", "is archived", "is completed", "is closed", "completed", "done")
_CANCELS = ("canceled", "cancelled", "canceled at", "cancelled at", "is cancelled", "is canceled")
_ALL = frozenset((*_REASONS, *_ENDS, *_CANCELS))
_NOT_DONE = frozenset(("incomplete", "expired", "moved", "inactive", "not planned"))
"""Resolutions that close an issue without its work being done, beside those that any status may be called."""
_EMPTY = frozenset(("", "none", "null", "unresolved"))
LONGEST_NAME = 100

PLACES = frozenset(
    ("section column", "section", "column", "list name", "list", "bucket", "bucket name", "board column")
)
"""Columns called so say where a task lies; that it is done is said elsewhere."""


def counts(name: str) -> bool:
    """Whether a column of this plain name, though it has no meaning by itself, tells of a row's end."""
    return name in _ALL


def status(word: str, others: Mapping[str, str], *, finished: bool, place_only: bool) -> tuple[Status, str]:
    """The status, and how the row calls it ("" for a check box), with what else decided it: «Closed: Won't Do».

    `others` are the columns without a meaning, by plain name. An unknown status is open: nothing is lost from sight.
    A time of completion ends what has no word that says it is open; with `place_only` it outweighs that too: a section
    of Asana says where a task stood, not that it is done.
    """
    called = "" if truth_of(word) is not None else " ".join(word.split())[:LONGEST_NAME]
    said = status_of(word)
    known: Status = said or "open"
    because = ""
    if known != "declined" and (ended := _ended(others, finished=finished and (place_only or said != "open"))):
        because = ended[1] if ended[0] != said else ""
        known = ended[0]
    if known == "done" and (reason := next((cell for name in _REASONS if _declines(cell := others.get(name, ""))), "")):
        known, because = "declined", " ".join(reason.split())
    return known, ": ".join(part for part in (called, because) if part)[:LONGEST_NAME] if called else called


def _ended(others: Mapping[str, str], *, finished: bool) -> tuple[Status, str] | None:
    """How it ended, and the column that says so ("" for its date of completion)."""
    if canceled := next((name for name in _CANCELS if _says_so(others.get(name, ""))), ""):
        return "declined", canceled
    if finished:
        return "done", ""
    ended = next((name for name in _ENDS if truth_of(others.get(name, ""))), "")
    return ("done", ended) if ended else None


def _says_so(cell: str) -> bool:
    """A check box that is set, or a date on which it was."""
    return bool(cell) and plain(cell) not in _EMPTY and truth_of(cell) is not False


def _declines(cell: str) -> bool:
    return status_of(cell) == "declined" or plain(cell) in _NOT_DONE
