"""Tables of people and the addresses they write from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime


class KnownPerson(Base):
    """Somebody who wrote, was written to, or has work. Every address begins as a person of its own."""

    __tablename__ = "people"
    __table_args__ = (
        Index(None, "name_key"),
        # Those few that change how tasks are judged.
        Index(
            "ix_people_judged",
            "updated_at",
            sqlite_where=text("is_us OR joined"),
            postgresql_where=text("is_us OR joined"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    """The name's words, case folded and sorted: «Ruiz, Ana» and «Ana Ruiz» meet. Empty where it is no full name."""
    is_us: Mapped[bool] = mapped_column(default=False)
    """A person said that this is one of us: all of their addresses are ours."""
    joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody put several addresses together here."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When a person last changed it. Later than `created_at`: no import touches its name any more."""


class Identity(Base):
    """One address or id of a person, as an integration names them: «ana@example.org», «slack:u02ab»."""

    __tablename__ = "identities"
    __table_args__ = (Index(None, "person_id"),)

    address: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    """The best name it came with."""
    kind: Mapped[str] = mapped_column(String(40))
    """The kind of integration that brought it first."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Sighting(Base):
    """An address occurs in what came from an integration: who may see none of these does not see it."""

    __tablename__ = "sightings"
    __table_args__ = (Index(None, "integration_id"),)

    address: Mapped[str] = mapped_column(ForeignKey("identities.address", ondelete="CASCADE"), primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True)


class NotTheSame(Base):
    """Two people that somebody said are not one: they are never proposed again."""

    __tablename__ = "not_the_same"
    __table_args__ = (
        CheckConstraint("person_id < other_id", name="smaller_first"),
        Index(None, "other_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
