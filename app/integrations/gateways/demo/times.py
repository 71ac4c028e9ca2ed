"""When things happen in the demo world: told from the moment at which an account was made, in its own hours. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Self

DEMO = "demo"
"""The gateway's name, as integrations and accounts have it."""
_PREFIX = f"{DEMO}-"
_FORM = "%Y%m%dT%H%M%S%z"
_HALF_HOUR = timedelta(minutes=30)
_SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment that a demo account's world is told from."""

    at: datetime
    """In whole seconds, with the offset of the hours that people in the world speak of."""

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """`moment` is aware; its offset becomes the world's."""
        return cls(moment.replace(microsecond=0).astimezone(timezone(moment.utcoffset() or timedelta())))

    @classmethod
    def read(cls, account: str) -> Self:
        """Raises ValueError for what is no demo account's id."""
        found = datetime.fromisoformat(account.removeprefix(_PREFIX))
        if not account.startswith(_PREFIX) or found.tzinfo is None:
            raise ValueError("is no id of a demo account")
        return cls.of(found)

    @property
    def account(self) -> str:
        """The account's id: it holds the moment, so that every process tells the same."""
        return f"{_PREFIX}{self.mark}"

    @property
    def mark(self) -> str:
        return self.at.strftime(_FORM)

    def moment(self, hours: float) -> datetime:
        """So many hours after the account was made, or before."""
        return self.at + timedelta(hours=hours)

    def soon(self) -> datetime:
        """A full or half hour in some hours, the same day where that is possible."""
        due = self.at + _SOON
        due += (_HALF_HOUR - timedelta(minutes=due.minute % 30)) % _HALF_HOUR
        last = datetime.combine(self.at.date(), time(23, 30), self.at.tzinfo)
        return (last if due.date() > self.at.date() and last > self.at else due).replace(second=0)

    def noon(self, days: int) -> datetime:
        """Noon so many days later."""
        return datetime.combine(self.at.date() + timedelta(days=days), time(12), self.at.tzinfo)

    def words(self, sent: datetime) -> Mapping[str, str]:
        """What the texts name in braces, as somebody would have said it when it was `sent`."""
        moments = {"soon": self.soon(), "tomorrow": self.noon(1), "later": self.noon(3), "past": self.noon(-3)}
        return {name: _said(due, sent) for name, due in moments.items()}


def _said(due: datetime, sent: datetime) -> str:
    ahead = (due.date() - sent.date()).days
    day = {0: "today", 1: "tomorrow"}.get(ahead) or (
        f"{due:%A}" if 1 < ahead < 7 else f"{due:%A}, {due.day} {due:%B %Y}"
    )
    return f"{day} at {due:%H:%M}"
