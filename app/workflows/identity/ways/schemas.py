"""Links, and the ways to sign in, as the API speaks of them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.workflows.identity.schemas import Email, Secret

_TOKEN = "6WmJb0xv1n4Yq0tUe3l8d2s7f5g9h1j2k3l4m5n6o7p"  # noqa: S105 - an example
ON_ITS_WAY = "If there is an account with this address, a mail with a link is on its way to it."
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class LinkIn(BaseModel):
    """What stands behind «#token=» in a link."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"token": _TOKEN}]})

    token: Token = Field(description="Good once.")


class ForgotIn(BaseModel):
    """Whose password was forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "ana@example.org"}]})

    email: Email = Field(description="The address of the account, if there is one.")


class Asked(BaseModel):
    """The same for everybody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"detail": ON_ITS_WAY}]})

    detail: str = Field(description="A sentence for people, which does not tell whether there is such an account.")


class NewPasswordIn(BaseModel):
    """What stands behind «#reset=» in a link, and the new password."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": _TOKEN, "password": "correct lantern basin 42"}]}
    )

    token: Token = Field(description="Good once; it stays good where the password can't be taken.")
    password: Secret = Field(description="The new one.")


class PasswordLink(BaseModel):
    """A link by which somebody sets their password. Hand it to nobody else."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "link": f"https://watchfloor.example/sign-in#reset={_TOKEN}",
                    "expires_at": "2026-03-02T10:00:00Z",
                }
            ]
        }
    )

    link: str = Field(description="Works once. It is shown in this answer alone.")
    expires_at: datetime = Field(description="Until when.")


class ProviderOut(BaseModel):
    """Another service that people may sign in with."""

    name: str = Field(description="How its button calls it.", examples=["Example ID"])
    url: str = Field(description="Where the button leads. `?next=/path` says where to go on afterwards.")


class WaysOut(BaseModel):
    """How people can sign in here, for the page that asks them to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "password": True,
                    "password_shortest": 12,
                    "provider": {"name": "Example ID", "url": "/api/v1/auth/oidc"},
                    "mail": True,
                    "first_link": False,
                    "errors": {"refused": "The sign-in was cancelled at Example ID."},
                }
            ]
        }
    )

    password: bool = Field(description="By e-mail address and password: always.")
    password_shortest: int = Field(description="How many characters a new password has at least.")
    provider: ProviderOut | None = Field(description="By another service's word (OpenID Connect), where one is set up.")
    mail: bool = Field(description="Whether a link to set a password can be mailed.")
    first_link: bool = Field(
        description="Whether a terminal on this machine gives a link to sign in, as the start did."
    )
    errors: dict[str, str] = Field(
        description="What the page says, by the code that it finds behind «?error=» in its address."
    )
