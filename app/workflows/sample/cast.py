"""The people of invented data in the database: the company's own are us, so that turns are known; and their leaving."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains import people
from app.domains.people.models import Identity, KnownPerson
from app.integrations.gateways.demo import company
from app.records import Person
from app.workflows.sample import story


async def introduce(session: AsyncSession, *, now: datetime) -> None:
    """Make the company's own people and addresses known as us."""
    await _make_ours(session, _ours(), now=now)


async def introduce_demo(session: AsyncSession, *, now: datetime) -> None:
    """The same of the company that the demo gateway tells of."""
    await _make_ours(session, _ours_in_demo(), now=now)


async def _make_ours(session: AsyncSession, ours: list[Person], *, now: datetime) -> None:
    await people.service.meet(session, ours, "mbox", now=now)
    theirs = Identity.address.in_([person.address for person in ours])
    query = select(KnownPerson).where(KnownPerson.id.in_(select(Identity.person_id).where(theirs)))
    for person in (await session.execute(query)).scalars().all():
        await people.service.edit(session, person, is_us=True, now=now)


def _ours() -> list[Person]:
    """The company's own people, and the mailboxes that several of them read."""
    told = story.company()
    own = [Person(each.name, each.address) for each in told.people.values() if each.ours]
    return own + [Person(name, address) for name, address in told.mailboxes]


def _ours_in_demo() -> list[Person]:
    return [Person(each.name, each.address) for each in company.PEOPLE.values() if each.ours]


async def dismiss(session: AsyncSession) -> None:
    """Forget the addresses of the story and of the demo, and the people who have no other. Whoever was joined with
    somebody real stays, and is one of us no longer where a colleague among the invented made them so.
    """
    ours = [*_ours(), *_ours_in_demo()]
    with_ours = Identity.address.in_([person.address for person in ours])
    by_the_story = KnownPerson.id.in_(select(Identity.person_id).where(with_ours))
    await session.execute(update(KnownPerson).where(by_the_story).values(is_us=False))
    concerned: set[int] = set()
    for some in chunks(sorted(story.company().addresses | company.ADDRESSES)):
        theirs = Identity.address.in_(some)
        concerned |= set((await session.execute(select(Identity.person_id).where(theirs))).scalars())
        await session.execute(delete(Identity).where(theirs))
    left = select(func.count()).where(Identity.person_id == KnownPerson.id).scalar_subquery()
    nobody = ~exists().where(Identity.person_id == KnownPerson.id)
    for ids in chunks(sorted(concerned)):
        await session.execute(delete(KnownPerson).where(KnownPerson.id.in_(ids), nobody))
        await session.execute(update(KnownPerson).where(KnownPerson.id.in_(ids)).values(joined=left > 1))
