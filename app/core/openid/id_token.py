"""ID tokens: signed by a key of the provider, by an algorithm that needs a secret of theirs alone, for us, now, once.

Sources: OpenID Connect Core 1.0, 3.1.3.7; RFC 8725 (what goes wrong with JSON Web Tokens).
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ALGORITHMS: Mapping[str, str] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    **dict.fromkeys(("EdDSA", "Ed25519"), "OKP"),
}
"""Those that are taken, and the type of key of each. None where whoever verifies could sign as well, and no «none»."""
LEEWAY_S = 60
"""Their clock and ours may differ by so much."""
_LONGEST = 50_000
_SMALLEST_RSA = 2048
_MOST_KEYS = 20
"""Of a provider that does not say which one signed."""


class NotTrusted(Exception):
    """What came from the provider can't be believed. Says why, for the log; nothing of what came is repeated."""


class UnknownKey(NotTrusted):
    """It was signed by a key that we don't know, perhaps not yet."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str = field(default="", repr=False)


def verified(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, *, now: datetime) -> dict[str, Any]:
    """The claims of a token that holds. `keys` are the provider's, as it publishes them. Raises NotTrusted."""
    from joserfc.errors import JoseError  # noqa: PLC0415 - heavy, as is what follows

    if len(token) > _LONGEST or not token.isascii():
        raise NotTrusted("the ID token is no token")
    try:
        header = _header(token)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise NotTrusted("the ID token is signed by an algorithm that is not taken")
        claims = _signed(token, algorithm, _fitting(keys, algorithm, header.get("kid")))
        _check(claims, header, expected, now)
    except (JoseError, ValueError, TypeError) as error:
        # The library's texts may repeat a claim: which check it was is told by the kind of error, and the claim's name.
        about = getattr(error, "claim", "")
        raise NotTrusted(f"the ID token does not hold: {type(error).__name__} {about}".rstrip()) from None
    return claims


def _header(token: str) -> dict[str, Any]:
    from joserfc import jws  # noqa: PLC0415

    return dict(jws.extract_compact(token.encode()).headers())


def _fitting(keys: Iterable[Mapping[str, Any]], algorithm: str, kid: object) -> list[Mapping[str, Any]]:
    """The keys that may have signed. Raises UnknownKey where there is none."""
    fitting = [
        key
        for key in keys
        if key.get("kty") == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]
    if not fitting:
        raise UnknownKey("the ID token is signed by a key that the provider does not publish")
    return fitting[:_MOST_KEYS]


def _signed(token: str, algorithm: str, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Raises JoseError where none of the keys has signed it."""
    from joserfc.errors import BadSignatureError, JoseError, SecurityWarning  # noqa: PLC0415

    with warnings.catch_warnings():
        # It warns of weak keys, which are refused here, and of the name EdDSA, which providers will go on using.
        warnings.simplefilter("ignore", SecurityWarning)
        for each in keys:
            try:
                return _signed_by(each, token, algorithm)
            except (JoseError, ValueError):
                continue  # the next one may fit; that none does is told below
    raise BadSignatureError


def _signed_by(published: Mapping[str, Any], token: str, algorithm: str) -> dict[str, Any]:
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.jwk import JWKRegistry, RSAKey  # noqa: PLC0415
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    key = JWKRegistry.import_key({name: value for name, value in published.items() if name != "alg"})
    if isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA:
        raise ValueError("a key that short can be guessed")
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jwt.decode(token, key, algorithms=[algorithm], registry=registry).claims


def _check(claims: dict[str, Any], header: dict[str, Any], expected: Expected, now: datetime) -> None:
    """Raises JoseError."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
    from joserfc.errors import InvalidClaimError  # noqa: PLC0415

    CodeIDToken(
        claims,
        header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "nonce": expected.nonce,
            "client_id": expected.client_id,
            "access_token": expected.access_token,
        },
    ).validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    subject = claims["sub"]
    if not 1 <= len(subject) <= 255 or not subject.isprintable():
        raise InvalidClaimError("sub")
