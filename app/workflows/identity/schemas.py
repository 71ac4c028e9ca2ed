"""Users and sign-ins as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict, JsonValue

from app.core.fields import Clean, Given
from app.core.page_schema import CountedPage, WholeList
from app.domains.identity.passwords import LONGEST
from app.domains.identity.rules import Role

_PASSWORD = "correct lantern basin 42"  # noqa: S105 - an example
_TIME = "2026-03-02T09:00:00Z"
USER: JsonDict = {
    "id": 7,
    "email": "ana@example.org",
    "name": "Ana Ruiz",
    "role": "operator",
    "disabled": False,
    "has_password": True,
    "totp": False,
    "created_at": _TIME,
    "updated_at": _TIME,
    "signed_in_at": None,
}
_KEY: JsonDict = {"id": 3, "name": "backup", "prefix": "wf_0f3c9a7e1b2d", "created_at": _TIME}
_ME: JsonDict = {
    "kind": "user",
    "name": "ana@example.org",
    "permissions": ["runs:read", "status:read", "tasks:read"],
    "user": USER,
    "csrf_token": "9f6c…",
    "session_id": 3,
}
SESSION: JsonDict = {
    "id": 3,
    "current": True,
    "created_at": _TIME,
    "seen_at": _TIME,
    "expires_at": "2026-04-01T09:00:00Z",
    "method": "password",
    "address": "192.0.2.7",
    "user_agent": "Mozilla/5.0",
}
CODES: list[JsonValue] = ["k7m2p-x9fqt-3wbda", "u4hn8-cc2rv-m6zep"]


Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254), Clean]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Clean]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def _body(example: JsonDict) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def _answer(example: JsonDict) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class UserOut(BaseModel):
    """Somebody who may sign in."""

    model_config = _answer(USER)

    id: int = Field(description="Never given to another user.", examples=[7])
    email: str = Field(description="What they sign in with.", examples=["ana@example.org"])
    name: str = Field(description="How they are called; may be empty.", examples=["Ana Ruiz"])
    role: Role = Field(description="What they may do here: docs/people-and-sign-in.md tells of each.")
    disabled: bool = Field(description="They can't sign in, and their sessions and keys have ended.")
    has_password: bool = Field(description="Whether they can sign in by one.")
    totp: bool = Field(description="Whether a code of an authenticator app is asked for, too.")
    created_at: datetime = Field(description="When they were added.")
    updated_at: datetime = Field(description="When they were last changed.")
    signed_in_at: datetime | None = Field(description="When they last signed in.")


class KeyLeft(BaseModel):
    """A key that a user made for nobody, as far as it is needed to recognise and revoke it."""

    model_config = _answer(_KEY)

    id: int = Field(description="To revoke it by.", examples=[3])
    name: str = Field(description="What it is for.", examples=["backup"])
    prefix: str = Field(description="Its beginning.", examples=["wf_0f3c9a7e1b2d"])
    created_at: datetime = Field(description="When it was made.")


class UserWithKeys(UserOut):
    """Somebody who may sign in, with the keys that don't end with them."""

    model_config = _answer({**USER, "keys_left": [_KEY]})

    keys_left: list[KeyLeft] = Field(
        description="Keys that they made for nobody and that are good: they stay so without the user."
    )


class UserPage(CountedPage):
    """Users, in the order they were added."""

    model_config = _answer({"items": [USER], "next_cursor": None, "has_more": False, "total": None})

    items: list[UserOut] = Field(description="At most `limit` of them.")


class UserIn(BaseModel):
    """A new user."""

    model_config = _body({"email": "ana@example.org", "role": "operator", "name": "Ana Ruiz", "password": _PASSWORD})

    email: Email = Field(description="What they will sign in with; nobody else may have it.")
    role: Role = Field(description="What they may do.")
    name: Name = Field("", description="How they are called.")
    password: Secret | None = Field(
        None, description="Their first password. Without one they come by a link, or by single sign-on."
    )


class UserPatch(BaseModel):
    """What is given is changed. Another role, and being disabled, end the user's sessions."""

    model_config = _body({"role": "viewer"})

    name: Annotated[Name | None, Given] = Field(None, description="How they are called.")
    role: Annotated[Role | None, Given] = Field(None, description="What they may do from now on.")
    disabled: Annotated[bool | None, Field(strict=True), Given] = Field(
        None, description="Whether they are kept from signing in."
    )
    revoke_keys: Annotated[bool, Field(strict=True)] = Field(
        False, description="Also end the keys that they made for nobody."
    )


class PasswordReset(BaseModel):
    """A password that an admin sets for somebody."""

    model_config = _body({"password": _PASSWORD})

    password: Secret = Field(description="The new one.")


class Revoked(BaseModel):
    """What was ended."""

    model_config = _answer({"revoked": 2})

    revoked: int = Field(description="So many sessions have ended.", examples=[2])


class LoginIn(BaseModel):
    """What somebody shows to be let in."""

    model_config = _body({"email": "ana@example.org", "password": _PASSWORD})

    email: Annotated[str, StringConstraints(min_length=1, max_length=320)] = Field(
        description="The user's e-mail address; capitals don't matter."
    )
    password: Secret = Field(description="Their password.")
    code: Code | None = Field(
        None,
        description="Of the authenticator app, or for recovery: once the first answer was 401 with code `code_needed`.",
    )


class MeOut(BaseModel):
    """Who asks, and what they may do."""

    model_config = _answer(_ME)

    kind: Literal["user", "key"] = Field(description="A person in a browser, or a program with a key.")
    name: str = Field(description="The user's e-mail address, or the key's name.")
    permissions: list[str] = Field(description="What the API allows them.")
    user: UserOut | None = Field(description="Who it is, or whose key; none for a key that is nobody's.")
    csrf_token: str | None = Field(
        description="To be sent as X-CSRF-Token with whatever changes something. Keys need none."
    )
    session_id: int | None = Field(description="Which of their sessions this browser has.")


class MePatch(BaseModel):
    """What people may change about themselves."""

    model_config = _body({"name": "Ana Ruiz"})

    name: Annotated[Name | None, Given] = Field(None, description="How they are called.")


class PasswordChange(BaseModel):
    """One's own new password."""

    model_config = _body({"old": "an earlier one", "new": _PASSWORD})

    old: Secret | None = Field(
        None, description="The present one. Who has none yet leaves it out, within 15 minutes of signing in."
    )
    new: Secret = Field(description="The new one. All other sessions end.")
    revoke_keys: Annotated[bool, Field(strict=True)] = Field(
        False, description="Also end one's own API keys, and those that one made for nobody."
    )


class PasswordChanged(MeOut):
    """Who asks, as after signing in, and what the new password did not end."""

    model_config = _answer({**_ME, "keys": 2})

    keys: int = Field(description="So many API keys of theirs are still good: a new password does not end them.")


class SessionOut(BaseModel):
    """A browser that is signed in."""

    model_config = _answer(SESSION)

    id: int = Field(description="To end it by.", examples=[3])
    current: bool = Field(description="Whether it is the one that asks.")
    created_at: datetime = Field(description="When it was signed in.")
    seen_at: datetime = Field(description="When it was last used, to the minute.")
    expires_at: datetime = Field(description="Until then at the latest; it ends earlier where it is not used.")
    method: str = Field(description="How: `password`, `link` or `oidc`.", examples=["password"])
    address: str = Field(description="From where.", examples=["192.0.2.7"])
    user_agent: str = Field(description="What the browser calls itself.")


class SessionList(WholeList):
    """One's own sessions, the one used last first."""

    model_config = _answer({"items": [SESSION], "next_cursor": None, "has_more": False})

    items: list[SessionOut] = Field(description="All that have not ended.")


class PasswordShown(BaseModel):
    """The password, shown again: a browser that was left open is not enough."""

    model_config = _body({"password": _PASSWORD})

    password: Secret | None = Field(
        None, description="One's own. Who has none leaves it out, within 15 minutes of signing in."
    )


class TotpOut(BaseModel):
    """A secret for an authenticator app. It counts once it was confirmed."""

    model_config = _answer(
        {
            "secret": "JBSWY3DPEHPK3PXP",
            "uri": "otpauth://totp/Watchfloor:ana%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Watchfloor",
        }
    )

    secret: str = Field(description="To be typed into the app; shown this once.")
    uri: str = Field(description="The same for a QR code.")


class CodeIn(BaseModel):
    """A code that the app shows."""

    model_config = _body({"code": "123456"})

    code: Code = Field(description="The one that the app shows now.")


class RecoveryOut(BaseModel):
    """Codes for when the app is lost: each is good once."""

    model_config = _answer({"recovery_codes": CODES})

    recovery_codes: list[str] = Field(description="Shown this once: print them, or keep them in a safe.")
