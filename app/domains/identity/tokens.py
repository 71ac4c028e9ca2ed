"""Short-lived tokens that a key is exchanged for: JSON Web Tokens (RFC 7519, RFC 9068), signed with Ed25519.

The algorithm is fixed, under its full name of RFC 9864; whatever a token's header says else is refused. A token is
bound to its key: that is looked up at each use, so that revoking the key ends its tokens.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.domains.identity.rules import Scope

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
"""RFC 9068: an access token, and no other kind of signed document."""
AUDIENCE = "watchfloor"
_LONGEST = 2_000
"""In characters; ours have about 500."""
_SUBJECT = re.compile(r"key:([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says."""

    key_id: int
    scopes: tuple[Scope, ...]
    issued_at: datetime
    expires_at: datetime


def begins_as_one(shown: str) -> bool:
    """Whether it is meant as a token: «{"» in base64."""
    return shown.startswith("eyJ")


def looks_like_one(shown: str) -> bool:
    """What doesn't is not decoded."""
    return len(shown) <= _LONGEST and shown.count(".") == 2 and begins_as_one(shown)


def issue(
    key_id: int, scopes: Sequence[Scope], *, issuer: str, kid: str, key: "OKPKey", now: datetime, expires_at: datetime
) -> str:
    """The token, signed. Its times are whole seconds."""
    from joserfc import jwt  # noqa: PLC0415 - only where tokens are used

    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": f"key:{key_id}",
        "scope": " ".join(scopes),
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "jti": secrets.token_hex(12),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": kid}, claims, key, algorithms=[ALGORITHM])


def read(shown: str, keys: "Mapping[str, OKPKey]", *, issuer: str, now: datetime) -> Token | None:
    """What a token says, where one of `keys`, by their ids, signed it for us and it holds now. Else None."""
    from joserfc import jwt  # noqa: PLC0415 - only where tokens are used
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        key = keys.get(kid_of(shown) or "")
        if key is None:
            return None
        token = jwt.decode(shown, key, algorithms=[ALGORITHM])
        if token.header.get("typ") != TYPE:
            return None
        _registry(issuer, now).validate(token.claims)
        return _said(token.claims)
    except (JoseError, ValueError, OverflowError):
        return None


def kid_of(shown: str) -> str | None:
    """Which key it says that it was signed with; nothing of it is believed yet."""
    from joserfc import jws  # noqa: PLC0415 - only where tokens are used
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        header = jws.extract_compact(shown.encode()).headers()
    except (JoseError, ValueError):
        return None
    kid = header.get("kid")
    return kid if isinstance(kid, str) and header.get("alg") == ALGORITHM else None


def _registry(issuer: str, now: datetime) -> Any:
    from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415 - only where tokens are used

    needed: dict[str, Any] = {name: {"essential": True} for name in ("iat", "exp", "jti", "sub", "scope")}
    needed |= {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": AUDIENCE}}
    return JWTClaimsRegistry(now=int(now.timestamp()), **needed)


def _said(claims: Mapping[str, Any]) -> Token:
    """Raises ValueError and OverflowError."""
    found = _SUBJECT.fullmatch(str(claims["sub"]))
    if found is None:
        raise ValueError("is no key's token")
    scopes = tuple(Scope(each) for each in str(claims["scope"]).split())
    issued_at, expires_at = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
    return Token(int(found[1]), scopes, issued_at, expires_at)
