"""Connected accounts: whose access a call uses, how it is given by a link, and how it ends.

A link is followed by opening its page (GET /link/{token}): that is all that consent is here.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scripts.fake_composio.toolkit import HttpFailed, Toolkit

STATUSES = ("INITIALIZING", "INITIATED", "ACTIVE", "FAILED", "EXPIRED", "INACTIVE", "REVOKED")
LINK_LIVES = timedelta(minutes=10)
_SCHEMES = {"vapi": "API_KEY"}


@dataclass(slots=True)
class Account:
    id: str
    toolkit: Toolkit
    user_id: str
    status: str
    created_at: datetime
    updated_at: datetime
    status_reason: str | None = None
    link: str | None = None
    callback_url: str | None = None
    auth_config: str = ""

    def set(self, status: str, now: datetime, reason: str | None = None) -> None:
        if status not in STATUSES:
            raise ValueError(f"no status «{status}»; there are: {', '.join(STATUSES)}")
        self.status, self.status_reason, self.updated_at = status, reason, now

    def as_json(self) -> dict[str, Any]:
        scheme = _SCHEMES.get(self.toolkit.toolkit, "OAUTH2")
        return {
            "id": self.id,
            "word_id": None,
            "alias": None,
            "toolkit": {"slug": self.toolkit.toolkit},
            "auth_config": {
                "id": self.auth_config,
                "auth_scheme": scheme,
                "is_composio_managed": True,
                "is_disabled": False,
            },
            "user_id": self.user_id,
            "status": self.status,
            "status_reason": self.status_reason,
            "is_disabled": False,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            "data": {},
            "state": {"authScheme": scheme, "val": {"status": self.status}},
            "test_request_endpoint": "",
        }

    def as_legacy_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "createdAt": stamp(self.created_at),
            "updatedAt": stamp(self.updated_at),
            "appUniqueId": self.toolkit.toolkit,
            "appName": self.toolkit.toolkit,
            "integrationId": self.auth_config,
            "connectionParams": {},
            "clientUniqueUserId": self.user_id,
            "entityId": self.user_id,
        }


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


@dataclass(slots=True)
class Accounts:
    """All accounts of one server, oldest first, and one auth config for each toolkit."""

    by_id: dict[str, Account] = field(default_factory=dict)
    auth_configs: dict[str, str] = field(default_factory=dict)
    """Toolkit to the id of its auth config."""
    disabled: set[str] = field(default_factory=set)
    """Toolkits whose auth config was switched off."""
    _links: int = 0

    def add(self, account_id: str, toolkit: Toolkit, user_id: str, status: str, now: datetime) -> Account:
        account = Account(account_id, toolkit, user_id, "ACTIVE", now, now)
        account.set(status, now)
        account.auth_config = self.auth_configs.setdefault(toolkit.toolkit, f"ac_{toolkit.toolkit}")
        self.by_id[account_id] = account
        return account

    def linked(self, toolkit: Toolkit, user_id: str, callback_url: str | None, now: datetime) -> Account:
        """A new account that waits for its link to be followed."""
        self._links += 1
        account = self.add(f"ca_linked{self._links:04d}", toolkit, user_id, "INITIATED", now)
        account.link, account.callback_url = f"lk_{self._links:04d}", callback_url
        return account

    def follow(self, token: str, now: datetime) -> Account | None:
        """The account whose link was opened in time, active now."""
        found = next((each for each in self.by_id.values() if each.link == token), None)
        if found is None or self.lapse(found, now).status != "INITIATED":
            return None
        found.set("ACTIVE", now)
        return found

    def lapse(self, account: Account, now: datetime) -> Account:
        """The same account, expired where nobody followed its link in time."""
        if account.status == "INITIATED" and now - account.created_at > LINK_LIVES:
            account.set("EXPIRED", now, "Connection initiation did not complete within 10 minutes")
        return account

    def get(self, account_id: str) -> Account:
        found = self.by_id.get(account_id)
        if found is None:
            message = "Connected account not found"
            raise HttpFailed(404, message, 1803, "ConnectedAccount_ResourceNotFound")
        return found

    def for_call(self, toolkit: str, user_id: str | None, account_id: str | None, now: datetime) -> Account:
        """The account a call of a tool uses. Raises HttpFailed as Composio answers where there is none to use."""
        account = self._named(account_id, user_id) if account_id else self._only(toolkit, user_id)
        if account.toolkit.toolkit != toolkit:
            raise HttpFailed(400, "No connected account found", 1803, "ActionExecute_ConnectedAccountNotFound")
        self.lapse(account, now)
        if account.status != "ACTIVE":
            message = f"Connected account {account.id} is in {account.status} state. Please reconnect it."
            name = "Expired" if account.status == "EXPIRED" else "NotActive"
            raise HttpFailed(
                410 if name == "Expired" else 400,
                message,
                1820 if name == "Expired" else 1821,
                f"ActionExecute_ConnectedAccount{name}",
            )
        return account

    def _named(self, account_id: str, user_id: str | None) -> Account:
        account = self.by_id.get(account_id)
        if account is None:
            raise HttpFailed(400, "No connected account found", 1803, "ActionExecute_ConnectedAccountNotFound")
        if not user_id:
            message = "User ID is required with connected account."
            raise HttpFailed(400, message, 1811, "ActionExecute_ConnectedAccountEntityIdRequired")
        if account.user_id != user_id:
            message = "Connected account user ID does not match the provided user ID."
            raise HttpFailed(400, message, 1812, "ActionExecute_ConnectedAccountEntityIdMismatch")
        return account

    def _only(self, toolkit: str, user_id: str | None) -> Account:
        """The newest active account of the user; without one, the newest of any status."""
        own = [each for each in self.by_id.values() if each.user_id == user_id and each.toolkit.toolkit == toolkit]
        if not own:
            message = f"No connected account found for user {user_id} and toolkit {toolkit.upper()}"
            raise HttpFailed(404, message, 1810, "ActionExecute_ConnectedAccountNotFound")
        return next((each for each in reversed(own) if each.status == "ACTIVE"), own[-1])
