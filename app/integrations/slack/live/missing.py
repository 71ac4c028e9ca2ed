"""What is stored and was not met: deleted, or a reply in a thread that began before the stretch that was read.

Slack is asked about each, since a reply that is taken for deleted would be lost. A thread that is found so is read as
a whole, which explains its other replies too, and brings late ones.
"""

from collections.abc import AsyncIterator

from app.core.errors import Rejected
from app.integrations.pulling import Known
from app.integrations.slack.live import failures, stamps
from app.integrations.slack.live.standing import Spot
from app.integrations.slack.live.walk import Step, Walk
from app.integrations.slack.times import moment, stamp

FIRST = "1.000000"
"""Before all that anybody ever wrote."""


async def missing(walk: Walk, known: Known) -> AsyncIterator[Step]:
    """For a walk that has met its whole stretch."""
    prefix = f"{walk.reading.channel.id}/"
    lower, upper = moment(walk.stretch.lower), moment(walk.stretch.upper)
    stored = {each.removeprefix(prefix) for each in await known.ids(prefix, since=lower, until=upper)}
    done = walk.start.checked or FIRST
    unexplained = (ts for ts in stored - walk.seen if stamp(ts) == ts and stamps.order(ts) > stamps.order(done))
    for ts in sorted(unexplained, key=stamps.order):
        if ts in walk.seen:
            continue
        root = await _root_of(ts, walk)
        if root not in ("", ts):
            async for step in walk.thread(root, Spot(checked=done)):
                yield step
        if root != ts and ts not in walk.seen:
            walk.spot = Spot(checked=ts)
            yield f"{prefix}{ts}"
        done = ts


async def _root_of(ts: str, walk: Walk) -> str:
    """The first message of the thread that `ts` is in, `ts` itself where it is in none, "" where it is gone.

    An answer without messages says nothing: so Slack's tools also answer who may not read the conversation any more.
    """
    reading = walk.reading
    try:
        async for page in reading.calls.thread(reading.channel.id, ts, ts, walk.stretch.upper):
            found, _, _ = await reading.opened(page)
            own = next((stamp(each.source.get("thread_ts")) or ts for each in found if each.ts == ts), "")
            if own:
                walk.seen.add(ts)  # it is there, whatever its thread shows next
            if own or found:
                return own or next((each.ts for each in found if each.is_top), ts)
    except Rejected as error:
        if not failures.is_one_of(error, failures.GONE):
            raise
        return ""
    return ts
