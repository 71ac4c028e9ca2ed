"""Connecting an account as the API speaks of it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.secrets import CantDecrypt, Vault
from app.domains.connections.connecting import LINK_PURPOSE, Connection, Stage

_LINK = "https://connect.composio.dev/link/lk_1a2b3c4d"
_PENDING: dict[str, Any] = {
    "state": "pending",
    "account_id": "ca_1a2b3c4d5e6f",
    "user_id": "default",
    "redirect_url": _LINK,
    "expires_at": "2026-03-02T09:10:00Z",
    "at": "2026-03-02T09:00:00Z",
    "why": None,
}
_NOT_BEGUN: dict[str, Any] = {name: "none" if name == "state" else None for name in _PENDING}


class ConnectIn(BaseModel):
    """How the link that is asked for shall end."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"callback_url": "https://watchfloor.example/integrations/1"}]}
    )

    callback_url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = Field(
        None,
        max_length=2000,
        description="Where the browser is sent once access was given. Empty: the dashboard at PUBLIC_URL, if that is "
        "set; else it stays at Composio.",
    )


class ConnectStarted(BaseModel):
    """A link to be opened by the person whose account it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{name: _PENDING[name] for name in ("redirect_url", "expires_at", "account_id")}]
        }
    )

    redirect_url: str = Field(description="To be opened in a browser. Whoever has it can connect an account of theirs.")
    expires_at: datetime = Field(description="Until when it can be followed: ten minutes, usually.")
    account_id: str = Field(description="The account at Composio that gets the access.")


class ConnectionOut(BaseModel):
    """How connecting an account goes, or went."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PENDING, _NOT_BEGUN]})

    state: Literal["none", "pending", "active", "expired", "failed"] = Field(
        description="none: nobody has asked for a link here, or another account was named by hand since. pending: the "
        "link waits to be followed; the rest is final. active: it was followed; whether its access holds still, the "
        "integration's own state says."
    )
    account_id: str | None = Field(description="The account at Composio that the link is for.")
    user_id: str | None = Field(description="Whose account it is there.")
    redirect_url: str | None = Field(description="The link, while it can be followed; for whoever may ask for one.")
    expires_at: datetime | None = Field(description="Until when.")
    at: datetime | None = Field(description="Since when it stands so.")
    why: str | None = Field(description="What went wrong and what to do, for people; null where nothing did.")


def started_out(connection: Connection, link: str) -> ConnectStarted:
    return ConnectStarted(
        redirect_url=link,
        expires_at=connection.expires_at,
        account_id=connection.account_id,
    )


def connection_out(connection: Connection | None, vault: Vault | None, *, now: datetime) -> ConnectionOut:
    """Without a vault, and where it can't open the link, it is told without it."""
    if connection is None:
        return ConnectionOut.model_validate(_NOT_BEGUN)
    open_still = connection.state is Stage.PENDING and now < connection.expires_at
    return ConnectionOut(
        state=connection.state.value,
        account_id=connection.account_id,
        user_id=connection.user_id,
        redirect_url=_link(connection.redirect_url, vault) if open_still else None,
        expires_at=connection.expires_at,
        at=connection.at,
        why=connection.why,
    )


def _link(sealed: str | None, vault: Vault | None) -> str | None:
    if sealed is None or vault is None:
        return None
    try:
        return vault.decrypt(sealed, LINK_PURPOSE)
    except CantDecrypt:
        return None  # another link is asked for
