"""API keys and tokens as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.fields import Body, Clean, Flag, Given, Instant
from app.core.page_schema import CountedPage
from app.domains.connections.schemas import UserRef
from app.domains.identity.networks import network
from app.domains.identity.rules import Scope
from app.workflows.identity.keys import examples


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def _taken(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def _network(text: str) -> str:
    try:
        return network(text)
    except ValueError as error:
        raise ValueError("expects a network such as 10.0.0.0/8 or 2001:db8::/32, or one address") from error


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Clean]
Networks = Annotated[
    list[Annotated[str, StringConstraints(max_length=60), AfterValidator(_network)]], Field(max_length=50)
]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=20)]
State = Literal["active", "expired", "revoked"]


class KeyOut(BaseModel):
    """A key, as far as anybody is told of it."""

    model_config = _shown(examples.KEY)

    id: int = Field(description="Its number.")
    name: str = Field(description="What it is for, as whoever made it says.")
    prefix: str = Field(description="How the key begins: by this it is recognised in a script or a log.")
    scopes: list[Scope] = Field(description="What it may do.")
    state: State = Field(description="Only an active one lets in.")
    owner: UserRef | None = Field(
        description="The user whose it is: it may never do more than they, and ends with them. null: nobody's."
    )
    networks: list[str] = Field(description="It is taken from these alone; empty: from everywhere.")
    created_by: str = Field(description="Who made it.")
    created_at: datetime = Field(description="When it was made.")
    expires_at: datetime | None = Field(description="From then on it lets nobody in. null: never.")
    revoked_at: datetime | None = Field(description="When it was revoked.")
    last_used_at: datetime | None = Field(description="When it was used last, to the minute. null: never.")
    last_used_from: str = Field(description="The address it was used from then.")


class KeyMade(KeyOut):
    """A new key, with the key itself: it is shown this once."""

    model_config = _shown(examples.NEW)

    key: str = Field(description="The key. Nobody can show it again: keep it where the program finds it.")


class KeyPage(CountedPage):
    """Keys, in the order they were made."""

    model_config = _shown(examples.PAGE)

    items: list[KeyOut] = Field(description="Those of this page.")


class KeyIn(Body):
    """The key that is wanted."""

    model_config = _taken(examples.NEW_BODY)

    name: Name = Field(description="What it is for.")
    scopes: Scopes = Field(description="What it may do: never more than you.")
    expires_at: Instant | None = Field(None, description="From then on it lets nobody in. Left out: never.")
    networks: Networks = Field(default_factory=list, description="Take it from these alone, as 10.0.0.0/8.")
    owned: Flag = Field(
        True,
        description="It is yours: it may never do more than you, and ends with you. false, for admins: it belongs to "
        "nobody, and stays when you leave.",
    )


class KeyPatch(Body):
    """What is to change. What is left out stays; another set of scopes is another key."""

    model_config = _taken(examples.EDIT)

    name: Annotated[Name | None, Given] = Field(None, description="What it is for.")
    expires_at: Instant | None = Field(None, description="null: never.")
    networks: Networks = Field(default_factory=list, description="[]: from everywhere.")


class RotateIn(Body):
    """How long the old key is good beside the new one."""

    model_config = _taken({"keep_hours": 24})

    keep_hours: float = Field(24, ge=0, le=720, description="In hours, at most 30 days. 0: it is revoked at once.")


class TokenIn(Body):
    """The token that is wanted."""

    model_config = _taken(examples.TOKEN_BODY)

    scopes: Scopes | None = Field(None, description="Fewer rights than the key's. Left out: all of the key's.")
    minutes: float | None = Field(None, ge=0.1, description="How long it is good. Left out: as long as is allowed.")


class TokenOut(BaseModel):
    """A short-lived token."""

    model_config = _shown(examples.TOKEN)

    token: str = Field(description="Send it as `Authorization: Bearer TOKEN`, as a key.")
    token_type: Literal["Bearer"] = Field("Bearer", description="Always Bearer.")
    expires_at: datetime = Field(description="From then on it lets nobody in; earlier, where its key does.")
    scopes: list[Scope] = Field(description="What it may do.")
