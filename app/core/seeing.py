"""What sessions show to a caller from whom something is hidden: default-deny filters on everything that they select.

Core knows no tables of the domains: the composition root hands `Database` the criteria (app.workflows.visibility). A
session that only reads carries them from its beginning. One that writes carries them only inside `restricted`: what is
derived and stored must be right for everybody, so its entry points look what may be touched. `unrestricted` is for
machinery that must see everything to be right; what it found is not shown as it is.

For callers from whom nothing is hidden no statement changes at all. Not reached are statements that go around the
session (`session.connection()`), raw text, and tables that no mapped class stands for: see docs/decisions/0023.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql.base import ExecutableOption

from app.core import acting

Criteria = Callable[[frozenset[int]], Sequence[ExecutableOption]]
"""From what is hidden to options of statements (`with_loader_criteria`). Called for each session: to be cached."""

_RESTRICTED = "restricted"


def guard(session: AsyncSession, criteria: Criteria | None, *, restricted: bool) -> None:
    """Let a new session show whoever acts now only what is theirs to see, from now on where it is `restricted`.

    Raises RuntimeError where something is hidden from them and nobody said how.
    """
    hidden = acting.caller().hidden
    if not hidden:
        return
    if criteria is None:
        raise RuntimeError("something is hidden from this caller, and this database does not know how to hide it")
    options = criteria(hidden)

    def restrict(state: ORMExecuteState) -> None:
        if session.info[_RESTRICTED] and state.is_select and not state.is_column_load:
            state.statement = state.statement.options(*options)

    session.info[_RESTRICTED] = restricted
    event.listen(session.sync_session, "do_orm_execute", restrict)


def hides(session: AsyncSession) -> bool:
    """Whether anything is hidden from whoever opened the session."""
    return _RESTRICTED in session.info


@contextmanager
def restricted(session: AsyncSession) -> Iterator[None]:
    """Inside, what is selected is what the caller may see. What the session holds already is not looked at again: load
    with `populate_existing`, or by a query."""
    with _set(session, True):
        yield


@contextmanager
def unrestricted(session: AsyncSession) -> Iterator[None]:
    """Inside, everything is selected. For what must see all to be right, and is not shown as it is."""
    with _set(session, False):
        yield


@contextmanager
def _set(session: AsyncSession, restricted: bool) -> Iterator[None]:
    before = session.info.get(_RESTRICTED)
    if before is None or before == restricted:
        yield
        return
    session.info[_RESTRICTED] = restricted
    try:
        yield
    finally:
        session.info[_RESTRICTED] = before
