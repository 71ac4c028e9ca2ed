"""What must always hold of people, besides what their tables enforce, for `watchfloor db check`."""

from sqlalchemy import and_, func, or_, select

from app.core.integrity import Invariant
from app.domains.people.models import Identity, KnownPerson

_addresses = select(func.count()).where(Identity.person_id == KnownPerson.id).scalar_subquery()

INVARIANTS = (
    Invariant(
        "A person has no address, so nothing they write is known to be theirs.",
        "people.id",
        select(KnownPerson.id).where(KnownPerson.id.not_in(select(Identity.person_id))),
        "Delete these people: they are met again with what is imported next.",
    ),
    Invariant(
        "A person with several addresses doesn't say so, or says so and has one.",
        "people.joined",
        select(KnownPerson.id).where(
            or_(and_(KnownPerson.joined, _addresses < 2), and_(KnownPerson.joined.is_(False), _addresses > 1))
        ),
        "Take an address out of these people and join it again.",
    ),
)
