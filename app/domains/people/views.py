"""People as answers show them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.domains.people import service
from app.domains.people.models import Identity, KnownPerson
from app.domains.people.rules import canonical
from app.domains.people.schemas import IdentityOut, PersonOut, SuggestionOut
from app.domains.people.suggestions import Suggestion


async def people_out(session: AsyncSession, people: Sequence[KnownPerson]) -> list[PersonOut]:
    """Each with their addresses, as far as whoever acts may see them."""
    with seeing.restricted(session):
        owned = await service.identities(session, [person.id for person in people])
    return [_person_out(person, owned.get(person.id, [])) for person in people]


async def person_out(session: AsyncSession, person: KnownPerson) -> PersonOut:
    (shown,) = await people_out(session, [person])
    return shown


async def suggestions_out(session: AsyncSession, found: Sequence[Suggestion]) -> list[SuggestionOut]:
    people = {person.id: person for each in found for person in (each.a, each.b)}
    shown = {person.id: person for person in await people_out(session, list(people.values()))}
    return [
        SuggestionOut(
            a=shown[each.a.id],
            b=shown[each.b.id],
            evidence=list(each.evidence.sentences),
            strength=each.evidence.strength,
        )
        for each in found
    ]


def _person_out(person: KnownPerson, owned: Sequence[Identity]) -> PersonOut:
    addresses = [identity.address for identity in owned]
    return PersonOut(
        id=person.id,
        name=person.name,
        address=canonical(addresses) if addresses else "",
        is_us=person.is_us,
        identities=[IdentityOut(address=i.address, name=i.name, kind=i.kind) for i in owned],
        created_at=person.created_at,
        updated_at=person.updated_at,
    )
