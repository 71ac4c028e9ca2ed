"""Pairs of people who may be one, found on demand and never stored.

People are walked in the order they were met, and each is compared with those that bear the same name and those whose
address is another spelling of the same mailbox: all by index.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.database import chunks
from app.domains.people import service
from app.domains.people.models import Identity, KnownPerson, NotTheSame
from app.domains.people.rules import Evidence, Known, evidence, other_spellings
from app.domains.tasks.models import Task

_AT_ONCE = 200
_MOST_WALKED = 2_000
"""So many people who might be somebody else, too, are looked at for one page."""
_MOST_OF_A_NAME = 20
_CONVERSATIONS = 2_000
"""So many of the newest conversations are searched for people who take part under both addresses."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two people who may be one; `a` is the one who was met first."""

    a: KnownPerson
    b: KnownPerson
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Found:
    """Some suggestions, and the person behind whom the search goes on; None at its end."""

    suggestions: list[Suggestion]
    following: int | None


async def find(session: AsyncSession, *, after: int, limit: int) -> Found:
    """Suggestions about the people met after id `after`: `limit` of them or a few more, for nobody's are torn apart."""
    found: list[Suggestion] = []
    walked = 0
    while len(found) < limit and walked < _MOST_WALKED:
        ids = await _candidates(session, after)
        if not ids:
            return Found(found, None)
        walked += len(ids)
        by_person = await _compare(session, ids)
        for person_id in ids:
            after = person_id
            found += by_person.get(person_id, [])
            if len(found) >= limit:
                break
    return Found(found, after)


async def _candidates(session: AsyncSession, after: int) -> list[int]:
    """The next people whose name somebody else bears, or who have an address that can be spelled otherwise."""
    namesake = aliased(KnownPerson)
    same_name = exists().where(namesake.name_key == KnownPerson.name_key, namesake.id != KnownPerson.id)
    spelled = or_(*(Identity.address.like(form) for form in ("%+%@%", "%@gmail.com", "%@googlemail.com")))
    respelled = exists().where(Identity.person_id == KnownPerson.id, spelled)
    query = select(KnownPerson.id).where(
        KnownPerson.id > after, or_((KnownPerson.name_key != "") & same_name, respelled)
    )
    return list((await session.execute(query.order_by(KnownPerson.id).limit(_AT_ONCE))).scalars())


async def _compare(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[Suggestion]]:
    """Suggestions by the person whose turn in the walk finds them: of two that find each other, the first."""
    people = {person.id: person for person in await _load(session, ids)}
    own = await service.identities(session, ids)
    by_name = await _namesakes(session, {person.name_key for person in people.values() if person.name_key})
    spellings = {pid: _spellings(i.address for i in own.get(pid, ())) for pid in ids}
    by_spelling = await _owners(session, frozenset().union(*spellings.values()))
    pairs: set[tuple[int, int]] = set()
    for person_id, person in people.items():
        namesakes = by_name.get(person.name_key, ())
        pairs |= {(person_id, other) for other in namesakes if other > person_id}
        pairs |= {(person_id, by_spelling[a]) for a in spellings[person_id] if a in by_spelling}
    pairs = {(finder, other) for finder, other in pairs if finder != other}
    people |= {person.id: person for person in await _load(session, {b for _, b in pairs} - people.keys())}
    known = await _known(session, people, by_name)
    pairs = {(a, b) for a, b in pairs if a < b or not _finds(known[b], known[a])}
    pairs = await _not_dismissed(session, pairs)
    return await _weighed(session, people, known, pairs)


def _spellings(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(other_spellings(address) for address in addresses))


def _finds(one: Known, other: Known) -> bool:
    """Whether the walk, when it comes to `one`, looks at `other`."""
    same_name = bool(one.name_key) and one.name_key == other.name_key and one.id < other.id
    return same_name or not _spellings(one.addresses).isdisjoint(other.addresses)


async def _load(session: AsyncSession, ids: Iterable[int]) -> list[KnownPerson]:
    found: list[KnownPerson] = []
    for some in chunks(ids):
        found += (await session.execute(select(KnownPerson).where(KnownPerson.id.in_(some)))).scalars()
    return found


async def _namesakes(session: AsyncSession, keys: Iterable[str]) -> dict[str, list[int]]:
    """Who bears each name, at most so many that it is known to be common."""
    found: dict[str, list[int]] = {}
    place = func.row_number().over(partition_by=KnownPerson.name_key, order_by=KnownPerson.id).label("place")
    for some in chunks(sorted(keys)):
        bearers = select(KnownPerson.id, KnownPerson.name_key, place).where(KnownPerson.name_key.in_(some)).subquery()
        query = select(bearers.c.id, bearers.c.name_key).where(bearers.c.place <= _MOST_OF_A_NAME)
        for row in await session.execute(query.order_by(bearers.c.id)):
            found.setdefault(row.name_key, []).append(row.id)
    return found


async def _owners(session: AsyncSession, addresses: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(addresses)):
        query = select(Identity.address, Identity.person_id).where(Identity.address.in_(some))
        found.update({row.address: row.person_id for row in await session.execute(query)})
    return found


async def _known(
    session: AsyncSession, people: dict[int, KnownPerson], by_name: dict[str, list[int]]
) -> dict[int, Known]:
    addresses = await service.identities(session, sorted(people))
    return {
        person.id: Known(
            id=person.id,
            name=person.name,
            name_key=person.name_key,
            addresses=tuple(i.address for i in addresses.get(person.id, ())),
            bearers=len(by_name.get(person.name_key, ())) or 1,
        )
        for person in people.values()
    }


async def _not_dismissed(session: AsyncSession, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    dismissed: set[tuple[int, int]] = set()
    for some in chunks({min(pair) for pair in pairs}):
        query = select(NotTheSame.person_id, NotTheSame.other_id).where(NotTheSame.person_id.in_(some))
        dismissed |= {(row.person_id, row.other_id) for row in await session.execute(query)}
    return {pair for pair in pairs if (min(pair), max(pair)) not in dismissed}


async def _weighed(
    session: AsyncSession, people: dict[int, KnownPerson], known: dict[int, Known], pairs: set[tuple[int, int]]
) -> dict[int, list[Suggestion]]:
    """Those pairs for which enough speaks. Conversations are only searched for these."""
    likely = sorted(pair for pair in pairs if evidence(known[pair[0]], known[pair[1]]))
    together = await _together(session, [(known[a], known[b]) for a, b in likely])
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for finder, other in likely:
        why = evidence(known[finder], known[other], together.get((finder, other), ()))
        if why:
            a, b = sorted((finder, other))
            found[finder].append(Suggestion(people[a], people[b], why))
    return found


async def _together(session: AsyncSession, pairs: Sequence[tuple[Known, Known]]) -> dict[tuple[int, int], list[str]]:
    """Titles of recent conversations in which both of a pair take part."""
    if not pairs:
        return {}
    wanted = {address for pair in pairs for person in pair for address in person.addresses}
    query = select(Task.title, Task.people).where(Task.deleted_at.is_(None), Task.status != "not_for_us")
    rows = (await session.execute(query.order_by(Task.id.desc()).limit(_CONVERSATIONS))).all()
    meetings = [(row.title, wanted.intersection(row.people)) for row in rows]
    meetings = [(title, present) for title, present in meetings if len(present) > 1]
    return {
        (a.id, b.id): titles
        for a, b in pairs
        if (
            titles := [
                title
                for title, present in meetings
                if not present.isdisjoint(a.addresses) and not present.isdisjoint(b.addresses)
            ]
        )
    }
