"""Slack's `ts` as a place in time: made from a moment, compared, and moved by the least step there is.

They stay texts, as Slack asks; always in the form that app.integrations.slack.times.stamp gives.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def of(moment: datetime) -> str:
    """The ts of a moment, never before 1970."""
    return _written(max(0, (moment - _EPOCH) // _MICROSECOND))


def order(ts: str) -> tuple[int, str]:
    """What stamps are sorted by; "" comes before all."""
    return len(ts), ts


def is_within(lower: str, ts: str, upper: str) -> bool:
    """Both ends included."""
    return order(lower) <= order(ts) <= order(upper)


def earliest(*stamps: str) -> str:
    return min(stamps, key=order)


def latest(*stamps: str) -> str:
    return max(stamps, key=order)


def microseconds(ts: str) -> int:
    """Microseconds since 1970, 0 for ""."""
    return _micros(ts) if ts else 0


def moved(ts: str, *, seconds: float = 0, micros: int = 0) -> str:
    return _written(max(0, microseconds(ts) + round(seconds * 1_000_000) + micros))


def share(ts: str, start: str, end: str) -> float:
    """How much of the way from `start` to `end` lies behind `ts`, 0 to 1."""
    whole = _micros(end) - _micros(start)
    return min(1.0, max(0.0, (_micros(ts) - _micros(start)) / whole)) if whole else 1.0


def _micros(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros)


def _written(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06}"
