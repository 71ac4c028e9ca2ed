"""People as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.fields import Body, Clean, Given
from app.core.outside import outside
from app.core.page_schema import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Clean]
Address = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=320), Clean]
PersonId = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class IdentityOut(BaseModel):
    """One address or id under which a person is known."""

    address: str = outside(examples=["ana@example.org", "slack:u02ab"])
    name: str = outside("The best name it came with; may be empty.")
    kind: str = Field(description="The kind of integration that brought it first.", examples=["mbox"])


class PersonOut(BaseModel):
    """Somebody who wrote, was written to, or has work."""

    id: int
    name: str = outside("Empty where nobody gave one.", examples=["Ana Ruiz"])
    address: str = outside("The one that stands for the person.", examples=["ana@example.org"])
    is_us: bool = Field(description="Somebody said that this is one of us.")
    identities: list[IdentityOut] = Field(description="The oldest first, at most 100.")
    created_at: datetime
    updated_at: datetime


class PersonPage(Page):
    items: list[PersonOut]


class PersonPatch(Body):
    """What people say of a person. A name given here is never replaced by an import."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Ana Ruiz", "is_us": True}]})

    name: Annotated[Name | None, Given] = None
    is_us: Annotated[bool | None, Field(strict=True), Given] = None


class JoinIn(Body):
    into: PersonId = Field(description="The person who stays.", examples=[7])


class SeparateIn(Body):
    address: Address = Field(description="The address to take out.", examples=["ana@example.org"])


class Separated(BaseModel):
    """Both people, after one address was taken out."""

    person: PersonOut
    separated: PersonOut


class SuggestionOut(BaseModel):
    """Two people who may be one. Nothing is joined by itself."""

    a: PersonOut
    b: PersonOut
    evidence: list[str] = outside(
        "What speaks for it, and against it: a sentence each.",
        examples=[["“Ruiz, Ana” and “Ana Ruiz” are the same name, and nobody else bears it."]],
    )
    strength: Literal["weak", "likely", "strong"]


class SuggestionPage(Page):
    """A page may hold fewer than asked for, even none, and go on."""

    items: list[SuggestionOut]


class DismissIn(Body):
    a: PersonId = Field(examples=[7])
    b: PersonId = Field(examples=[12])


class Dismissed(BaseModel):
    dismissed: list[int] = Field(description="The two people who are never proposed again as one.")
