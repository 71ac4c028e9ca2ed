"""Who acts at this moment: a request's caller, a command's person, or the program itself.

The edge sets it (a request, the command line); whoever writes history or an audit line reads it. It goes along with
asyncio's tasks and threads by itself, and nothing has to hand it on.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Kind = Literal["anyone", "user", "key", "cli", "program"]
By = Literal["", "key", "token", "session"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may act, and what they may do."""

    kind: Kind
    id: int | None = None
    """The user's, or the key's."""
    name: str = ""
    """For people: an e-mail address, a key's name, a login on this machine."""
    permissions: frozenset[str] = frozenset()
    user_id: int | None = None
    """Whose eyes these are: the user, or the one a key belongs to."""
    hidden: frozenset[int] = frozenset()
    """Ids of the integrations that are not theirs to see."""
    session_id: int | None = None
    """The browser's session, where there is one."""
    address: str = ""
    """Where the request came from."""
    by: By = ""
    """What a request was recognised by."""

    @property
    def known(self) -> bool:
        """Whether it was shown who this is."""
        return self.kind != "anyone"

    @property
    def signature(self) -> str:
        """Tells callers apart, in few characters: «user:7»."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is being done: an operation of the API, a command, or a job of the program."""

    action: str = ""
    target: str = ""
    """To what, as «task:12», where it was named."""


PROGRAM = Caller("program", name="watchfloor")
ANYONE = Caller("anyone", name="anyone")
NO_DEED = Deed()

_current: ContextVar[Caller] = ContextVar("caller", default=PROGRAM)
_deed: ContextVar[Deed] = ContextVar("deed", default=NO_DEED)


def caller() -> Caller:
    """Whoever acts now; the program, where nobody said so."""
    return _current.get()


@contextmanager
def acting_as(who: Caller) -> Iterator[None]:
    token = _current.set(who)
    try:
        yield
    finally:
        _current.reset(token)


def deed() -> Deed:
    """What is being done now."""
    return _deed.get()


@contextmanager
def doing(action: str, target: str = "") -> Iterator[None]:
    """Name what is being done, for the audit trail."""
    token = _deed.set(Deed(action, target))
    try:
        yield
    finally:
        _deed.reset(token)


SOMEBODY = "person"
"""Stands in histories where nobody is known."""


def written_by() -> str:
    """Who does what a person does, for histories: the name of whoever acts."""
    who = caller()
    return who.name or SOMEBODY if who.kind in ("user", "key", "cli") else SOMEBODY


def become(who: Caller) -> None:
    """From now on, in this task: for where a request is recognised only while it is carried out, as at sign-in."""
    _current.set(who)


def at_the_terminal() -> Caller:
    """Who runs a command: it is this machine that has let them in."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "somebody"
    return Caller("cli", name=f"{name} (command line)")
