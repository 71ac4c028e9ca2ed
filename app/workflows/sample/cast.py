"""The people of the sample in the database: which of them are us, so that turns are known, and their leaving."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.people.models import Identity, KnownPerson
from app.workflows.sample import story


async def introduce(session: AsyncSession, *, now: datetime) -> None:
    """Make the company's own people known as us, unless somebody of that address is known already."""
    ours = [character for character in story.company().people.values() if character.ours]
    there = select(Identity.address).where(Identity.address.in_([character.address for character in ours]))
    known = set((await session.execute(there)).scalars())
    for character in ours:
        if character.address in known:
            continue
        person = KnownPerson(
            name=character.name, name_key=_key(character.name), is_us=True, created_at=now, updated_at=now
        )
        session.add(person)
        await session.flush()
        session.add(
            Identity(address=character.address, person_id=person.id, name=character.name, kind="mbox", created_at=now)
        )
    await session.flush()


async def dismiss(session: AsyncSession) -> None:
    """Forget the story's addresses, and the people who have no other. Whoever was merged with somebody real stays."""
    concerned: set[int] = set()
    for some in chunks(sorted(story.company().addresses)):
        theirs = Identity.address.in_(some)
        concerned |= set((await session.execute(select(Identity.person_id).where(theirs))).scalars())
        await session.execute(delete(Identity).where(theirs))
    nobody = ~exists().where(Identity.person_id == KnownPerson.id)
    for ids in chunks(sorted(concerned)):
        await session.execute(delete(KnownPerson).where(KnownPerson.id.in_(ids), nobody))


def _key(name: str) -> str:
    return " ".join(sorted(name.casefold().split()))
