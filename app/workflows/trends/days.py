"""The queue day by day, in a time zone: how many tasks came, how many left, and how many there were at the end."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldError, Invalid
from app.domains.tasks import flow
from app.workflows.trends.schemas import DayOut, TrendsOut


def zone_called(name: str) -> ZoneInfo:
    """Raises Invalid for what is no time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        field = FieldError("query.tz", "a name of the IANA database, as Europe/Berlin")
        raise Invalid("There is no such time zone.", errors=[field]) from error


async def trends(session: AsyncSession, *, days: int, zone: ZoneInfo, now: datetime) -> TrendsOut:
    """The last `days` days, today included, the earliest first."""
    wanted = days_until(now.astimezone(zone).date(), days)
    begins = [beginning(each, zone) for each in wanted]
    by_hour = not any(each.minute for each in begins)
    happened = await flow.since(session, begins[0], by_hour=by_hour)
    came, left = _by_day(happened.came, begins), _by_day(happened.left, begins)
    known = await flow.first_known(session)
    ends = _ends(await flow.open_now(session), came, left, days)
    unknown = bisect_right(begins, known) - 1 if known else days
    return TrendsOut(
        tz=zone.key,
        known_from=known,
        days=[
            DayOut(day=day, open=ends[n], came=came[n], closed=left[n], so_far=n == days - 1)
            if n >= unknown
            else DayOut(day=day, open=None, came=None, closed=None, so_far=n == days - 1)
            for n, day in enumerate(wanted)
        ],
    )


def days_until(last: date, days: int) -> Sequence[date]:
    return [last - timedelta(days=back) for back in reversed(range(days))]


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins. Where its midnight is left out, as some zones do in spring, that is its first moment."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _by_day(counted: Counter[datetime], begins: Sequence[datetime]) -> Counter[int]:
    days: Counter[int] = Counter()
    for minute, tasks in counted.items():
        days[max(0, bisect_right(begins, minute) - 1)] += tasks
    return days


def _ends(now: int, came: Mapping[int, int], left: Mapping[int, int], days: int) -> Sequence[int]:
    """How many were open at each day's end, told backwards from now."""
    ends = [now]
    for day in reversed(range(1, days)):
        ends.append(ends[-1] - came[day] + left[day])
    return ends[::-1]
