"""The level of each part and of the whole, as docs/health.md says it in words. Pure.

Reasons name causes and fixed moments only, so that nothing is written while nothing changes. What fails because
something else does is folded under that: its own changes are told to nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domains.connections.rules import Cause
from app.domains.monitoring.levels import Level
from app.domains.monitoring.outside import Service, gateway_is_away, gateway_refuses, network_is_away
from app.domains.monitoring.sources import WAITS_AT_MOST, Source, level_of, not_heard

RETURNS_WITHIN = timedelta(minutes=5)
"""So long after its gateway is back an integration that it took is expected back by itself."""
NETWORK, GATEWAY, JOBS, DATABASE = "network", "gateway", "jobs", "database"
"""Names of parts, beside «integration 5»."""
_NAMED = 3
_CALLING_OUT = ("pulls", "writes")

_OTHERS = (NETWORK, GATEWAY, JOBS, DATABASE)

NETWORK_AWAY = "Nothing outside can be reached from here: look at this machine's network; or Composio is silent."
NOBODY_WORKS = "No process runs jobs: start `watchfloor serve` without --no-jobs, or `watchfloor worker`."
NOBODY_PULLS = "No process can pull: set COMPOSIO_API_KEY where jobs run, and start that again."


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that levels depend on, at one moment."""

    now: datetime
    sources: Sequence[Source] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    """Of all processes together, by key."""
    works: bool = True
    """A process lives that runs jobs."""
    works_since: datetime | None = None
    """Since when the oldest such process does."""
    pulls: bool = True
    """One of those has a gateway."""
    due_since: Mapping[str, datetime] = field(default_factory=dict)
    """Since when the oldest has waited of the «imports», «pulls», «writes» and «scores» that are due."""
    gateway: str = "Composio"
    """As people call it …"""
    gateway_key: str = "composio"
    """… and as keys of services begin."""
    key_trouble: str = ""
    """Why the key can't be used, as found at the start of every process that pulls."""
    tool_troubles: Sequence[str] = ()
    """Sentences: tools that are gone."""
    gateway_back_at: datetime | None = None
    """Since when the gateway is told to be well, where it was not before."""
    taken: Collection[str] = ()
    """Parts that were told to wait for the gateway or the network."""
    away_since: datetime | None = None
    """Since when it is told that the gateway does not answer, or …"""
    network_was_away: bool = False
    """… that the network is away: a process that was started since knows nothing of that."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part with its level. `name` is for programs, `title` for people."""

    name: str
    kind: str
    title: str
    level: Level
    reason: str
    folded: str = ""
    """The name of the part that is its cause."""
    returning: bool = False
    """Its cause is gone: it waits for its turn."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole with its one reason."""

    level: Level
    reason: str
    returning: bool = False
    """Some of what is wrong waits for its turn …"""
    passes: bool = False
    """… and nothing else is wrong."""


def parts(view: View) -> list[Part]:
    """Every part: first what others depend on, then the integrations in their order."""
    wanted = any(_needs_gateway(source, view) for source in view.sources)
    found = [Part(DATABASE, "database", "Database", "NORMAL", "It answers.")]
    if wanted or view.services:
        found += [_network(view), _gateway(view)]
    found.append(_jobs(view, outside_away=any(part.level == "OFFLINE" for part in found)))
    causes = {part.name: part for part in found}
    return found + [_integration(source, view, causes) for source in view.sources]


def is_outage(reason: str, view: View) -> bool:
    """Whether the gateway was told to be away for a reason that only an answer ends."""
    return reason in (_away(view), _behind_network(view))


def _away(view: View) -> str:
    return f"{view.gateway} does not answer. It is tried again by itself."


def _behind_network(view: View) -> str:
    return f"{view.gateway} is not reached because nothing outside is."


def _is_still_away(view: View) -> bool:
    """Nothing has answered since it was told to be away, and somebody waits for that."""
    since = view.away_since
    if since is None or since > view.now or any(each.answered_since(since) for each in view.services.values()):
        return False
    return any(source.cause == Cause.OUTAGE and _needs_gateway(source, view) for source in view.sources)


def _network(view: View) -> Part:
    away = network_is_away(list(view.services.values()), view.now)
    away = away or (view.network_was_away and not view.services and _is_still_away(view))
    reason = NETWORK_AWAY if away else "Services outside can be reached, as far as any was called."
    return Part(NETWORK, "network", "Network", "OFFLINE" if away else "NORMAL", reason)


def _gateway(view: View) -> Part:
    services = list(view.services.values())

    def part(level: Level, reason: str, folded: str = "") -> Part:
        return Part(GATEWAY, "gateway", view.gateway, level, reason, folded)

    if _network(view).level == "OFFLINE":
        return part("OFFLINE", _behind_network(view), NETWORK)
    if not view.pulls and view.works:
        return part("OFFLINE", NOBODY_PULLS)
    if gateway_refuses(services):
        return part("OFFLINE", f"{view.gateway} refuses the API key: set COMPOSIO_API_KEY, and start again.")
    if gateway_is_away(services, view.now) or _is_still_away(view):
        return part("OFFLINE", _away(view))
    if view.key_trouble and not any(each.succeeded_at for each in services):
        return part("OFFLINE", view.key_trouble)
    if view.tool_troubles:
        return part("DEGRADED", " ".join(view.tool_troubles))
    return part("NORMAL", "It answers." if any(each.succeeded_at for each in services) else "It was not called yet.")


def _jobs(view: View, *, outside_away: bool) -> Part:
    def part(level: Level, reason: str, *, returning: bool = False) -> Part:
        return Part(JOBS, "jobs", "Jobs", level, reason, returning=returning)

    if not view.works:
        return part("OFFLINE" if view.due_since else "DEGRADED", NOBODY_WORKS)
    late = [what for what, since in view.due_since.items() if _waited(since, view) > WAITS_AT_MOST]
    if outside_away:  # then these wait for that
        late = [what for what in late if what not in _CALLING_OUT]
    if not late:
        return part("NORMAL", "What is due is done.")
    what, minutes = " and ".join(late), int(WAITS_AT_MOST.total_seconds() // 60)
    reason = f"The {what} that are due have waited for more than {minutes} minutes: start more workers."
    return part("DEGRADED", reason, returning=_is_just_back(view) and set(late) <= set(_CALLING_OUT))


def _waited(since: datetime, view: View) -> timedelta:
    """How long somebody has let it wait: nobody did while nobody worked."""
    return view.now - max(since, view.works_since or since)


def _is_just_started(view: View) -> bool:
    return view.works_since is not None and abs(view.now - view.works_since) < RETURNS_WITHIN


def _is_just_back(view: View) -> bool:
    return view.gateway_back_at is not None and abs(view.now - view.gateway_back_at) < RETURNS_WITHIN


def _integration(source: Source, view: View, causes: Mapping[str, Part]) -> Part:
    level, reason = level_of(source, view.now)
    folded = "" if level == "NORMAL" or not source.live else _cause_of(source, view, causes)
    returning = False
    if folded:
        away = causes[folded].title if folded == GATEWAY else {NETWORK: "the network", JOBS: "a process"}[folded]
        reason = f"{not_heard(source)}: it waits for {away}."
    elif level != "NORMAL" and source.live:
        returning = _returns(source, view)
    title, kind = source.name, source.kind
    return Part(f"integration {source.id}", kind, title, level, reason, folded, returning)


def _cause_of(source: Source, view: View, causes: Mapping[str, Part]) -> str:
    """The part that keeps it from being heard, if one does. A lost account or an unreadable answer is its own, unless
    the gateway refuses everybody."""
    gateway = causes.get(GATEWAY)
    everybody = gateway_refuses(list(view.services.values()))
    excused = (None, Cause.OUTAGE, Cause.ACCESS) if everybody else (None, Cause.OUTAGE)
    if source.cause in excused and gateway and gateway.level == "OFFLINE" and _needs_gateway(source, view):
        return gateway.folded or GATEWAY
    return JOBS if source.cause is None and causes[JOBS].level == "OFFLINE" else ""


def _returns(source: Source, view: View) -> bool:
    """Whether what kept it away is over, and it only waits to be pulled again."""
    if source.cause not in (None, Cause.OUTAGE):
        return False
    if _is_just_back(view) or (source.cause is None and _is_just_started(view)):
        return True
    service = view.services.get(source.service)
    if service is None or service.is_away(view.now) or source.failed_at is None or service.succeeded_at is None:
        return False
    return service.succeeded_at > source.failed_at


def whole(view: View, found: Sequence[Part]) -> Whole:
    """The level of the whole, while the database answers, and the one reason for it."""
    level, reason, returning = _whole(view, found)
    wrong = [part for part in found if part.level != "NORMAL"]
    return Whole(level, reason, returning, passes=bool(wrong) and all(part.returning for part in wrong))


def _whole(view: View, found: Sequence[Part]) -> tuple[Level, str, bool]:
    """Also whether some of it returns."""
    wrong = [part for part in found if part.level != "NORMAL"]
    if not wrong:
        return "NORMAL", "Everything answers.", False
    by_name = {part.name: part for part in found}
    live = [by_name[f"integration {each.id}"] for each in view.sources if _counts(each)]
    needed = any(_needs_gateway(each, view) for each in view.sources)
    returning = any(part.returning for part in wrong)
    for name in (NETWORK, GATEWAY):
        if needed and by_name[name].level == "OFFLINE":
            return "CRITICAL", by_name[name].reason, False
    if by_name[JOBS].level == "OFFLINE":
        return "CRITICAL", by_name[JOBS].reason, False
    if live and all(part.level == "OFFLINE" for part in live):
        return "CRITICAL", f"Nothing new arrives: {_of_integrations(live, live, view)}", returning
    others = [part for part in wrong if part.name in _OTHERS and not part.returning]
    left = [part for part in wrong if part.name not in _OTHERS]
    if others or not left:
        return "DEGRADED", (others or wrong)[0].reason, returning
    return "DEGRADED", _of_integrations(left, live, view), returning


def _counts(source: Source) -> bool:
    """Whether anything new is expected of it by itself."""
    return source.live and not source.sample and not source.paused


def _needs_gateway(source: Source, view: View) -> bool:
    return _counts(source) and source.service.startswith(f"{view.gateway_key}:")


def _of_integrations(wrong: Sequence[Part], live: Sequence[Part], view: View) -> str:
    """Which can't be trusted and why, by what they have in common."""
    if all(part.returning for part in wrong):
        again = "Jobs were started" if _is_just_started(view) else ""
        if any(part.name in view.taken for part in wrong):
            again = f"{view.gateway} answers again"
        if again:
            return f"{again}; integrations still to be pulled: {len(wrong)} of {len(live)}."
    away = {view.services[key].name for key in _services_of(wrong, view) if _is_away(key, view)}
    if len(away) == 1 and all(_is_away(key, view) for key in _services_of(wrong, view)):
        return f"{away.pop()} does not answer. It is tried again by itself."
    if len(wrong) == 1:
        return f"{wrong[0].title} can't be trusted now. {wrong[0].reason}"
    named = ", ".join(part.title for part in wrong[:_NAMED])
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    return f"{len(wrong)} integrations can't be trusted now: {named}{more}. {wrong[0].title}: {wrong[0].reason}"


def _services_of(wrong: Sequence[Part], view: View) -> set[str]:
    names = {part.name for part in wrong}
    return {each.service for each in view.sources if f"integration {each.id}" in names}


def _is_away(key: str, view: View) -> bool:
    return key in view.services and view.services[key].is_away(view.now)
