"""An OpenID Connect provider on loopback: it speaks HTTP, signs, and misbehaves in every way it is told to.

`browse` is what a person with a browser does at it: follow the address, agree, and come back with a code.
"""

import base64
import hashlib
import hmac
import json
import secrets
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from app.core.clock import Clock, utc_now
from scripts.fake_composio.wire import Reply, Request, Wire

CLIENT, SECRET = "watchfloor at example", "hunter2 & a secret"


@dataclass
class Asked:
    """What a browser was sent to the provider with, until its code is exchanged."""

    redirect_uri: str
    nonce: str
    challenge: str


@dataclass
class FakeProvider:
    """Behaves, unless told otherwise."""

    clock: Clock = utc_now
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "248289761001",
            "email": "ana@example.com",
            "email_verified": True,
            "name": "Ana Torres",
        }
    )
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    """Put into the ID token instead of what is right; None leaves a claim out."""
    published: dict[str, Any] = field(default_factory=dict)
    forge: Callable[["FakeProvider", dict[str, Any]], str] | None = None
    """Makes the ID token instead."""
    instead: dict[str, Reply] = field(default_factory=dict)
    """Answers by path."""
    tells_by_userinfo: bool = False
    userinfo: dict[str, Any] = field(default_factory=dict)
    accepts_without_secret: bool = False
    asked: dict[str, Asked] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire = Wire(self._answer)
        self.key: Any = None
        self.rotate()

    @property
    def issuer(self) -> str:
        return self.wire.url

    def rotate(self) -> None:
        """Sign with a new key; the one before is not published any more."""
        kid = secrets.token_hex(4)
        if self.algorithm.startswith(("RS", "PS")):
            self.key = RSAKey.generate_key(2048, {"kid": kid})
        elif self.algorithm.startswith("ES"):
            curves = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
            self.key = ECKey.generate_key(curves[self.algorithm], {"kid": kid})
        else:
            self.key = OKPKey.generate_key("Ed25519", {"kid": kid})

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    def browse(self, url: str, **changed: str) -> dict[str, str]:
        """Follows the address we send a browser to, and agrees. Returns the parameters it comes back with."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.asked[code] = Asked(query["redirect_uri"], query["nonce"], query["code_challenge"])
        return {"code": code, "state": query["state"]} | changed

    async def _answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if request.path in self.instead:
            return self.instead[request.path]
        if request.path == "/.well-known/openid-configuration":
            return _json(self._metadata())
        if request.path == "/keys":
            return _json({"keys": [self.key.as_dict(private=False, use="sig", alg=self.algorithm)]})
        if request.path == "/token":
            return self._exchanged(request)
        if request.path == "/userinfo":
            return _json(self.person | self.userinfo)
        return Reply(404)

    def _metadata(self) -> dict[str, Any]:
        own = self.issuer
        return {
            "issuer": own,
            "authorization_endpoint": f"{own}/authorize",
            "token_endpoint": f"{own}/token",
            "jwks_uri": f"{own}/keys",
            "userinfo_endpoint": f"{own}/userinfo",
            "id_token_signing_alg_values_supported": [self.algorithm],
        } | self.published

    def _exchanged(self, request: Request) -> Reply:
        form = dict(parse_qsl(request.body.decode()))
        shown = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        pair = [unquote_plus(part) for part in shown.split(":")] if shown else []
        posted = [form.get("client_id"), form.get("client_secret")]
        if not self.accepts_without_secret and [CLIENT, SECRET] not in (pair, posted):
            return _json({"error": "invalid_client"}, 401)
        asked = self.asked.pop(form.get("code", ""), None)
        challenge = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or (asked.redirect_uri, asked.challenge) != (form.get("redirect_uri"), challenge):
            return _json({"error": "invalid_grant", "error_description": f"no such code: {form.get('code')}"}, 400)
        access = secrets.token_urlsafe(8)
        return _json({"access_token": access, "token_type": "Bearer", "id_token": self.signed(asked.nonce, access)})

    def signed(self, nonce: str, access: str) -> str:
        now = int(self.clock().timestamp())
        person = {"sub": self.person["sub"]} if self.tells_by_userinfo else self.person
        half = hashlib.new("sha512" if self.algorithm == "EdDSA" else f"sha{self.algorithm[2:]}", access.encode())
        claims = person | {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": _b64(half.digest()[: half.digest_size // 2]),
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        if self.forge is not None:
            return self.forge(self, claims)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # «EdDSA» has a newer name
            return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


def unsigned(_provider: FakeProvider, claims: dict[str, Any]) -> str:
    """Algorithm «none»."""
    return f"{_b64(json.dumps({'alg': 'none'}).encode())}.{_b64(json.dumps(claims).encode())}."


def signed_with_what_is_public(provider: FakeProvider, claims: dict[str, Any]) -> str:
    """HS256 with the published key as its secret, which whoever reads the algorithm from the token falls for."""
    header = {"alg": "HS256", "kid": provider.key.kid}
    signed = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    digest = hmac.new(provider.key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_b64(digest)}"


def signed_with_our_secret(provider: FakeProvider, claims: dict[str, Any]) -> str:
    """HS256 with the client's secret, as the standard allows and we don't."""
    key = OctKey.import_key(SECRET.encode() * 3)
    return jwt.encode({"alg": "HS256", "kid": provider.key.kid}, claims, key, algorithms=["HS256"])


def signed_by_another(provider: FakeProvider, claims: dict[str, Any]) -> str:
    """Another key under the same name."""
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, key, algorithms=["RS256"])


def brings_its_own_key(_provider: FakeProvider, claims: dict[str, Any]) -> str:
    """The key in the header of the token that it signed."""
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["RS256"])


def changed_afterwards(provider: FakeProvider, claims: dict[str, Any]) -> str:
    """A right signature of other claims."""
    header, _, signature = jwt.encode(
        {"alg": "RS256", "kid": provider.key.kid}, claims, provider.key, algorithms=["RS256"]
    ).split(".")
    return f"{header}.{_b64(json.dumps(claims | {'email': 'admin@example.com'}).encode())}.{signature}"


@asynccontextmanager
async def fake_provider(**how: Any) -> AsyncIterator[FakeProvider]:
    provider = FakeProvider(**how)
    await provider.wire.start()
    try:
        yield provider
    finally:
        await provider.wire.stop()


def callback(parameters: dict[str, str]) -> str:
    return f"/api/v1/auth/oidc/callback?{urlencode(parameters)}"


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json"})


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
