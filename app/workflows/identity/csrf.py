"""That a request which a cookie vouches for was made by our own page, and not by another one in the same browser.

A cookie goes along by itself; the token has to be read from `GET /api/v1/auth/me` and sent in a header, which no other
page can do. It is an HMAC of the session's token, so nothing is stored, and it ends with the session.
Source: OWASP, Cross-Site Request Forgery Prevention Cheat Sheet (signed double-submit, Fetch Metadata).
"""

import hashlib
import hmac
from collections.abc import Mapping, MutableMapping
from typing import Any, Protocol

from app.core.origins import origin_of
from app.core.secrets import Vault

HEADER = "X-CSRF-Token"
_CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")


class Connection(Protocol):
    """A request, before its body."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def scope(self) -> MutableMapping[str, Any]: ...


def token_for(vault: Vault, session_token: str) -> str:
    """What the page of this session sends in the header X-CSRF-Token."""
    return hmac.new(vault.derived("csrf"), session_token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def refusal(connection: Connection, vault: Vault, session_token: str) -> str | None:
    """Why a request with this session's cookie is not taken as its user's; None where it is, or changes nothing."""
    if connection.scope["method"] in _CHANGES_NOTHING:
        return None
    if not _from_our_page(connection):
        return "A page of another origin may not act with your sign-in."
    sent = connection.headers.get(HEADER, "")
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), token_for(vault, session_token).encode()):
        return f"The header {HEADER} is missing, or is of another sign-in: GET /api/v1/auth/me tells it."
    return None


def _from_our_page(connection: Connection) -> bool:
    """Where the browser says which page asks, it is ours. Programs say nothing."""
    headers, settings = connection.headers, connection.scope["app"].state.settings
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    own = f"{connection.scope['scheme']}://{headers.get('host', '')}"
    return origin in {own, origin_of(settings.public_url), *settings.cors_origins}
