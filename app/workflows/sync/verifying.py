"""Whether the key is good and the tools that kinds call are there in their pinned versions: asked at start and daily.

Slugs have been renamed by the thousand before; that has to be known before a pull meets it.
"""

from app.core import log
from app.workflows.sync.syncing import Syncing

_log = log.get(__name__)


async def verify(syncing: Syncing) -> None:
    """Ask the gateway, say in the log what can't be used, and remember it for those who look at the kinds."""
    if syncing.check is None:
        return
    found = await syncing.check(sorted({tool for live in syncing.live.values() for tool in live.tools}))
    syncing.troubles.clear()
    for each in found:
        if not each.ok:
            syncing.troubles[each.what] = each.detail
            _log.error("what pulls need can't be used", what=each.what, detail=each.detail)
    if not syncing.troubles:
        _log.info("key and tools are there", tools=len(found) - 1)


def troubles_of(syncing: Syncing, tools: tuple[str, ...]) -> list[str]:
    """In sentences, what keeps these tools from being used: the key's trouble concerns all of them."""
    everyones = syncing.troubles.keys() - {tool for live in syncing.live.values() for tool in live.tools}
    return [f"{name} {why}" for name, why in syncing.troubles.items() if name in everyones or name in tools]
