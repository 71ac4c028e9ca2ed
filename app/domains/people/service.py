"""People and their addresses: met at every import, named, joined and taken apart by people. Flushes, never commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit, seeing
from app.core.database import chunks, one_at_a_time
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.rows import AnyRow, insert_rows, update_rows, upsert
from app.domains.people import sightings
from app.domains.people.models import Identity, KnownPerson, NotTheSame
from app.domains.people.rules import better_name, is_list, key_of, name_key
from app.records import Item, Person

MOST_ADDRESSES = 100
"""Of one person."""
_MOST_OF_ITEM = 50
"""So many people of one item are met: whoever is written to with hundreds of others says little of who is who."""
_LONGEST = 320
_LONGEST_NAME = 300
_TICK = timedelta(microseconds=1)
_PEOPLE, _IDENTITIES = cast(Table, KnownPerson.__table__), cast(Table, Identity.__table__)
_JUDGED: Any = literal_column("(people.is_us OR people.joined)")
"""As their partial index has it: SQLAlchemy's own way to write it compares with 1 on SQLite."""


def people_of(items: Iterable[Item]) -> list[Person]:
    """Who wrote, was written to or has work in the items. Lists, and what programs wrote, name nobody."""
    found: list[Person] = []
    for item in items:
        if item.automation is None:
            work = item.work.assignees if item.work else ()
            named = (item.sender, *work, *item.recipients, *item.copied)[:_MOST_OF_ITEM]
            found += (person for person in named if not is_list(person, item.list_id))
    return found


async def meet(
    session: AsyncSession, found: Iterable[Person], kind: str, *, now: datetime, integration_id: int | None = None
) -> None:
    """Give every address that is new a person of its own, and people without a full name the one they come with; but
    who is known from elsewhere is never called as a private integration calls them.

    A few statements, however many come. The same again changes nothing.
    """
    names: dict[str, str] = {}
    for person in dict.fromkeys(found):
        if person.address and len(person.address) <= _LONGEST:
            names[person.address] = better_name(names.get(person.address, ""), person.name[:_LONGEST_NAME])
    known = await _names(session, names)
    new_or_better = [a for a, name in names.items() if a not in known or better_name(known[a], name) != known[a]]
    if new_or_better and await sightings.is_private(session, integration_id):
        new_or_better = [address for address in new_or_better if address not in known]
    if new_or_better:
        await _add_or_rename(session, names, new_or_better, kind, now)
    if integration_id is not None:
        await sightings.note(session, names, integration_id)


async def _add_or_rename(
    session: AsyncSession, names: Mapping[str, str], new_or_better: Sequence[str], kind: str, now: datetime
) -> None:
    await one_at_a_time(session, "people")
    met = await _met(session, new_or_better)  # somebody else may have met them meanwhile
    await _rename(session, {address: (row, names[address]) for address, row in met.items()})
    await _add(session, {a: names[a] for a in new_or_better if a not in met}, kind, now)


async def _names(session: AsyncSession, addresses: Iterable[str]) -> dict[str, str]:
    """Those of the addresses that are known, each with its name."""
    found: dict[str, str] = {}
    connection = await session.connection()
    for some in chunks(addresses):
        query = select(_IDENTITIES.c.address, _IDENTITIES.c.name).where(_IDENTITIES.c.address.in_(some))
        found.update({row.address: row.name for row in await connection.execute(query)})
    return found


async def _met(session: AsyncSession, addresses: Iterable[str]) -> dict[str, AnyRow]:
    """The same with what is known of their people."""
    found: dict[str, AnyRow] = {}
    query = select(
        Identity.address,
        Identity.name,
        Identity.person_id,
        KnownPerson.name.label("called"),
        (KnownPerson.updated_at == KnownPerson.created_at).label("untouched"),
    ).join(KnownPerson, KnownPerson.id == Identity.person_id)
    for some in chunks(addresses):
        found.update({row.address: row for row in await session.execute(query.where(Identity.address.in_(some)))})
    return found


async def _rename(session: AsyncSession, offered: Mapping[str, tuple[AnyRow, str]]) -> None:
    people = []
    for row, name in offered.values():
        if better_name(row.name, name) == row.name:
            continue
        await session.execute(update(Identity).where(Identity.address == row.address).values(name=name))
        called = better_name(row.called, name)
        if row.untouched and called != row.called:
            people.append({"id": row.person_id, "name": called, "name_key": key_of(called, row.address)})
    await update_rows(session, KnownPerson, people)


async def _add(session: AsyncSession, names: Mapping[str, str], kind: str, now: datetime) -> None:
    if not names:
        return
    at = {"is_us": False, "joined": False, "created_at": now, "updated_at": now}
    people = [{"name": name, "name_key": key_of(name, address), **at} for address, name in names.items()]
    ids = await insert_rows(session, KnownPerson, people)
    # A tick apart: of several that one import brings, the first met stays the first.
    rows = [
        {"address": address, "person_id": person_id, "name": name, "kind": kind, "created_at": now + place * _TICK}
        for place, (person_id, (address, name)) in enumerate(zip(ids, names.items(), strict=True))
    ]
    await (await session.connection()).execute(insert(_IDENTITIES), rows)  # the ORM would make an object of each


async def get(session: AsyncSession, person_id: int, *, lock: bool = False) -> KnownPerson:
    """Raises NotFound, also for one who is known only from what is hidden from whoever acts."""
    with seeing.restricted(session):
        found = await session.get(KnownPerson, person_id, with_for_update=lock or None, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no person {person_id}.")
    return found


async def page(session: AsyncSession, *, words: str | None, after: int, limit: int) -> Sequence[KnownPerson]:
    """People in the order they were met, after id `after`: only those whose name or an address holds each word."""
    query = select(KnownPerson).where(KnownPerson.id > after).order_by(KnownPerson.id).limit(limit)
    for word in (words or "").split():
        held = (
            func.lower(KnownPerson.name).contains(word.lower(), autoescape=True),
            KnownPerson.name_key.contains(word.casefold(), autoescape=True),
            KnownPerson.id.in_(
                select(Identity.person_id).where(Identity.address.contains(word.lower(), autoescape=True))
            ),
        )
        query = query.where(or_(*held))
    return (await session.execute(query)).scalars().all()


async def identities(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, list[Identity]]:
    """The addresses of each person, the oldest first."""
    found: dict[int, list[Identity]] = {}
    for some in chunks(person_ids):
        query = select(Identity).where(Identity.person_id.in_(some)).order_by(Identity.created_at, Identity.address)
        for identity in (await session.execute(query)).scalars():
            found.setdefault(identity.person_id, []).append(identity)
    return found


async def edit(
    session: AsyncSession, person: KnownPerson, *, name: str | None = None, is_us: bool | None = None, now: datetime
) -> None:
    before = {"name": audit.Unsaid(person.name), "is_us": person.is_us}
    if name is not None:
        person.name, person.name_key = name, name_key(name)
    if is_us is not None:
        person.is_us = is_us
    after = {"name": audit.Unsaid(person.name), "is_us": person.is_us}
    audit.changed(session, f"person:{person.id}", before, after)
    person.updated_at = _later(person, now)
    await session.flush()


async def merge(session: AsyncSession, source_id: int, target_id: int, *, now: datetime) -> KnownPerson:
    """Move every address of one person to another, who stays. Raises Invalid, NotFound, Conflict."""
    if source_id == target_id:
        raise Invalid(
            "A person can't be joined with themselves.", errors=[FieldError("body.into", "is the same person")]
        )
    await one_at_a_time(session, "people")
    source, target = await get(session, source_id, lock=True), await get(session, target_id, lock=True)
    count = select(func.count()).select_from(Identity).where(Identity.person_id.in_((source_id, target_id)))
    if (await session.execute(count)).scalar_one() > MOST_ADDRESSES:
        raise Conflict(f"Together they have more than {MOST_ADDRESSES} addresses, and a person holds no more.")
    await session.execute(update(Identity).where(Identity.person_id == source_id).values(person_id=target_id))
    await _inherit_refusals(session, source_id, target_id)
    if better_name(target.name, source.name) != target.name:
        target.name, target.name_key = source.name, source.name_key
    target.is_us = target.is_us or source.is_us
    target.joined, target.updated_at = True, _later(target, now)
    await session.delete(source)
    audit.changed(session, f"person:{source_id}", {"merged_into": None}, {"merged_into": target_id})
    await session.flush()
    return target


async def _inherit_refusals(session: AsyncSession, source_id: int, target_id: int) -> None:
    """Whom the one is known not to be, the joined person is not either."""
    mentions = or_(NotTheSame.person_id == source_id, NotTheSame.other_id == source_id)
    rows = (
        await session.execute(select(NotTheSame.person_id, NotTheSame.other_id, NotTheSame.at).where(mentions))
    ).all()
    await session.execute(delete(NotTheSame).where(mentions))
    others = {(row.other_id if row.person_id == source_id else row.person_id): row.at for row in rows}
    moved = [_pair(target_id, other, at) for other, at in others.items() if other != target_id]
    await upsert(session, NotTheSame, moved, key=("person_id", "other_id"), overwrite=False)


def _pair(one: int, other: int, at: datetime) -> dict[str, Any]:
    return {"person_id": min(one, other), "other_id": max(one, other), "at": at}


async def separate(
    session: AsyncSession, person_id: int, address: str, *, now: datetime
) -> tuple[KnownPerson, KnownPerson]:
    """Take an address out into a person of its own. Returns that person and the one who stays: they are told apart.

    Raises NotFound, Invalid where the address is somebody else's, Conflict for the only address.
    """
    await one_at_a_time(session, "people")
    person = await get(session, person_id, lock=True)
    owned = (await identities(session, [person_id])).get(person_id, [])
    with seeing.restricted(session):
        shown = (await identities(session, [person_id])).get(person_id, [])
    identity = next((each for each in shown if each.address == address), None)
    if identity is None:
        why = FieldError("body.address", "is no address of this person")
        raise Invalid(f"{address} is no address of person {person_id}.", errors=[why])
    if len(owned) == 1:
        raise Conflict(f"{address} is the only address of person {person_id}.")
    key = key_of(identity.name, address)
    own = KnownPerson(name=identity.name, name_key=key, is_us=False, joined=False, created_at=now, updated_at=now)
    session.add(own)
    await session.flush()
    identity.person_id = own.id
    person.joined, person.updated_at = len(owned) > 2, _later(person, now)
    await session.flush()
    await upsert(session, NotTheSame, [_pair(own.id, person.id, now)], key=("person_id", "other_id"), overwrite=False)
    audit.changed(session, f"person:{own.id}", None, {"separated_from": person_id, "address": audit.Unsaid(address)})
    return own, person


def _later(person: KnownPerson, now: datetime) -> datetime:
    """A time that shows that a person changed it, also where the clock stood still or was set back."""
    return max(now, person.updated_at + _TICK)


async def dismiss(session: AsyncSession, one: int, other: int, *, now: datetime) -> None:
    """Never propose again that the two are one. Raises Invalid, NotFound."""
    if one == other:
        raise Invalid("Two different people are needed.", errors=[FieldError("body.b", "is the same person")])
    for person_id in (one, other):
        await get(session, person_id)
    await upsert(session, NotTheSame, [_pair(one, other, now)], key=("person_id", "other_id"), overwrite=False)
    audit.changed(session, f"person:{one}", {}, {"not_the_same_as": other})


async def take_back_dismissal(session: AsyncSession, one: int, other: int) -> None:
    """Let the two be proposed as one again; those who were never told apart stay as they are. Raises NotFound."""
    for person_id in (one, other):
        await get(session, person_id)
    pair = NotTheSame.person_id == min(one, other), NotTheSame.other_id == max(one, other)
    await session.execute(delete(NotTheSame).where(*pair))
    audit.changed(session, f"person:{one}", {"not_the_same_as": other}, {})


async def judged(session: AsyncSession) -> Sequence[AnyRow]:
    """Rows (person_id, is_us, address) of those who are us or have several addresses, the oldest address first."""
    query = (
        select(Identity.person_id, KnownPerson.is_us, Identity.address)
        .join(KnownPerson, KnownPerson.id == Identity.person_id)
        .where(_JUDGED)
        .order_by(Identity.person_id, Identity.created_at, Identity.address)
    )
    return (await session.execute(query)).all()


async def revision(session: AsyncSession) -> tuple[Any, ...]:
    """Another one whenever `judged` is. Costs what those few people cost, however many others there are."""
    figures = (func.count(), func.sum(Identity.person_id), func.max(KnownPerson.updated_at))
    query = select(*figures).join(KnownPerson, KnownPerson.id == Identity.person_id).where(_JUDGED)
    return tuple((await session.execute(query)).one())
