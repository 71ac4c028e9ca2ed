"""Where a pull stands: what its cursor holds, as JSON and back.

A cursor that can't be read counts as none: all is read again from the beginning, which doubles nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from app.integrations.slack.times import stamp
from app.integrations.slack.values import inner, text, texts


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one conversation is known."""

    ts: str = ""
    """Its latest message outside threads; "" where it has none."""
    reread: datetime | None = None
    """Until when its window was read as a whole the last time."""
    threads: Mapping[str, str] = field(default_factory=dict)
    """The latest reply that is known, by the first message of threads that may go on."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place within the walk through one conversation: everything up to it is stored."""

    top: str = ""
    """Messages later than this are done with all replies, and this message itself is."""
    reply: str = ""
    """Of the replies to that, those up to this one are done too."""
    checked: str = ""
    """All messages are done, and of what is missing, what is not later than this."""


@dataclass(frozen=True, slots=True)
class Run:
    """A pull under way."""

    until: datetime
    after: str = ""
    """Conversations with ids up to this are done."""
    channel: str = ""
    """The one after it that was begun."""
    spot: Spot = Spot()
    newest: str = ""
    """The latest message that was met in it."""
    any_read: bool = False
    """At least one conversation could be read."""


@dataclass(slots=True)
class Standing:
    """The whole cursor."""

    since: datetime
    reached: dict[str, Reached]
    warned: dict[str, str]
    """What people were told of already: why, by conversation."""
    run: Run | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "channels": {name: _reached_json(each) for name, each in self.reached.items()},
            **({"warned": dict(self.warned)} if self.warned else {}),
            **({"run": _run_json(self.run)} if self.run else {}),
        }


def standing(cursor: Mapping[str, Any], since: datetime) -> Standing:
    """What `cursor` says. Where work from an earlier day is wanted than before, everything is read again."""
    began = _moment(cursor.get("since"))
    if began is None or since < began:
        return Standing(since, {}, {})
    reached = {name: _reached(value) for name, value in inner(cursor, "channels").items() if isinstance(value, dict)}
    warned = {name: text(why) for name, why in inner(cursor, "warned").items()}
    return Standing(since, reached, warned, _run(inner(cursor, "run")))


def next_channel(run: Run, done: str) -> Run:
    return replace(run, after=done, channel="", spot=Spot(), newest="")


def _reached(value: Mapping[str, Any]) -> Reached:
    threads = {root: ts for root, each in inner(value, "threads").items() if (ts := stamp(each))}
    return Reached(stamp(value.get("ts")), _moment(value.get("reread")), threads)


def _reached_json(reached: Reached) -> dict[str, Any]:
    return {
        "ts": reached.ts,
        **({"reread": reached.reread.isoformat()} if reached.reread else {}),
        **({"threads": dict(reached.threads)} if reached.threads else {}),
    }


def _run(value: Mapping[str, Any]) -> Run | None:
    until = _moment(value.get("until"))
    if until is None:
        return None
    top, reply, checked = (*texts(value.get("spot")), "", "", "")[:3]
    return Run(
        until,
        text(value.get("after")),
        text(value.get("channel")),
        Spot(stamp(top), stamp(reply), stamp(checked)),
        stamp(value.get("newest")),
        value.get("any_read") is True,
    )


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "until": run.until.isoformat(),
        "after": run.after,
        "channel": run.channel,
        "spot": [run.spot.top, run.spot.reply, run.spot.checked],
        "newest": run.newest,
        "any_read": run.any_read,
    }


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
