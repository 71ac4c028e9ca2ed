"""A provider: what it publishes, fetched when it is needed and kept for a while, and the calls of a sign-in."""

import asyncio
import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

from pydantic import SecretStr

from app.core.clock import Clock, utc_now
from app.core.errors import Rejected, Throttled, Unreachable
from app.core.guard import Guard
from app.core.http import Outbound, Response, is_address
from app.core.openid.id_token import Expected, NotTrusted, UnknownKey, verified

KEPT = timedelta(hours=1)
"""What a provider publishes is fetched anew after so long."""
AGAIN = timedelta(seconds=10)
"""And its keys at once where one is unknown, but no oftener than this."""
_LARGEST_ANSWER = 1_000_000
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WORD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to the provider, as its settings say."""

    issuer: str
    client_id: str
    secret: SecretStr = field(default_factory=lambda: SecretStr(""))
    name: str = "single sign-on"
    """The provider's, for people."""
    encrypted: bool = True
    """Whether it is spoken to by https alone. Off: for trying it out."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back. `verified`: whether the provider has made sure that the e-mail address is theirs."""

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str


@dataclass(frozen=True, slots=True)
class _Fetched:
    at: datetime
    value: Any


class Provider:
    """One provider, for all sign-ins of a process. Belongs to the event loop that first uses it."""

    def __init__(self, client: Client, guard: Guard, clock: Clock = utc_now) -> None:
        self.client = client
        self._guard, self._clock = guard, clock
        self._fetching = asyncio.Lock()
        self._published: _Fetched | None = None
        self._keys: _Fetched | None = None
        self._connections: dict[str, Outbound] = {}

    def __repr__(self) -> str:
        return f"Provider({self.client.issuer!r})"

    async def where_to(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """The address that the browser is sent to. Raises Upstream, NotTrusted."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - heavy
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        published = await self._metadata()
        return str(
            prepare_grant_uri(
                published["authorization_endpoint"],
                self.client.client_id,
                "code",
                redirect_uri,
                "openid email profile",
                state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    async def check_answerer(self, issuer: str | None) -> None:
        """Whether it is this provider's answer (RFC 9207): another one must not be given this one's codes. Raises
        Upstream, NotTrusted."""
        published = await self._metadata()
        if issuer is None:
            if published.get("authorization_response_iss_parameter_supported") is True:
                raise NotTrusted("the answer does not say which provider it is from")
        elif issuer != published["issuer"]:
            raise NotTrusted("the answer is from another provider")

    async def who(self, code: str, *, redirect_uri: str, nonce: str, verifier: str) -> Person:
        """Who came back with this code. Raises Upstream, NotTrusted."""
        published = await self._metadata()
        answer = await self._exchange(published, code, redirect_uri, verifier)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise NotTrusted("the answer holds no ID token")
        access = access if isinstance(access, str) else ""
        claims = await self._claims(token, Expected(published["issuer"], self.client.client_id, nonce, access))
        if "email" not in claims and access and published.get("userinfo_endpoint"):
            # Some tell only here what was asked for.
            claims = await self._more(published["userinfo_endpoint"], access, claims)
        email, name = claims.get("email"), claims.get("name")
        return Person(
            issuer=published["issuer"],
            subject=claims["sub"],
            email=email if isinstance(email, str) else "",
            verified=claims.get("email_verified") in (True, "true"),  # some write the word
            name="".join(filter(str.isprintable, name)) if isinstance(name, str) else "",
        )

    async def check(self) -> None:
        """Whether what it publishes can be used. Raises Upstream, NotTrusted."""
        await self._metadata()
        await self._published_keys(after=None)

    async def close(self) -> None:
        connections, self._connections = list(self._connections.values()), {}
        for each in connections:
            await each.close()

    async def _metadata(self) -> Mapping[str, Any]:
        async with self._fetching:
            now = self._clock()
            if self._published is None or now - self._published.at >= KEPT:
                where = f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._published = _Fetched(now, self._usable(await self._fetch("GET", where)))
            found: Mapping[str, Any] = self._published.value
            return found

    def _usable(self, answer: Response) -> Mapping[str, Any]:
        """What it publishes, where we can work with it. Raises Rejected, Unreachable, NotTrusted."""
        published = self._object(answer)
        issuer = published.get("issuer")
        # A slash at its end is often forgotten; what the provider says counts in tokens.
        if not isinstance(issuer, str) or issuer.rstrip("/") != self.client.issuer.rstrip("/"):
            raise NotTrusted("the provider calls itself otherwise than OIDC_ISSUER")
        for name in _ENDPOINTS:
            if not self._may_be_called(published.get(name)):
                raise NotTrusted(f"the provider publishes no {name} that may be used: it has to be https")
        if not self._may_be_called(published.get("userinfo_endpoint")):
            published = {name: value for name, value in published.items() if name != "userinfo_endpoint"}
        return published

    def _may_be_called(self, url: object) -> bool:
        if not isinstance(url, str) or not url.isprintable():
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if not is_address(url):
            return False
        schemes = ("https",) if self.client.encrypted else ("https", "http")
        return parts.scheme in schemes and bool(parts.hostname) and parts.username is None

    async def _published_keys(self, *, after: datetime | None) -> Sequence[Mapping[str, Any]]:
        """Its keys; with `after`, because one of those fetched until then did not do. Raises UnknownKey where it is too
        soon to ask again."""
        where = (await self._metadata())["jwks_uri"]
        async with self._fetching:
            now, known = self._clock(), self._keys
            if known is not None and after is not None and known.at <= after and now - known.at < AGAIN:
                raise UnknownKey("the ID token is signed by an unknown key, and the keys were fetched a moment ago")
            if known is None or now - known.at >= KEPT or (after is not None and known.at <= after):
                answer = self._object(await self._fetch("GET", where))
                listed = answer.get("keys")
                if not isinstance(listed, list):
                    raise NotTrusted("the provider publishes no keys")
                known = self._keys = _Fetched(now, [key for key in listed if isinstance(key, dict)])
            found: Sequence[Mapping[str, Any]] = known.value
            return found

    async def _claims(self, token: str, expected: Expected) -> dict[str, Any]:
        keys = await self._published_keys(after=None)
        fetched = self._keys.at if self._keys is not None else self._clock()
        try:
            return verified(token, keys, expected, now=self._clock())
        except UnknownKey:  # they may have changed their keys since
            keys = await self._published_keys(after=fetched)
            return verified(token, keys, expected, now=self._clock())

    async def _exchange(
        self, published: Mapping[str, Any], code: str, redirect_uri: str, verifier: str
    ) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self.client.client_id,
        }
        headers = {"accept": "application/json"}
        ways = published.get("token_endpoint_auth_methods_supported")
        if not isinstance(ways, list) or not ways:
            ways = ["client_secret_basic"]
        secret = self.client.secret.get_secret_value()
        if secret and "client_secret_basic" not in ways and "client_secret_post" in ways:
            form["client_secret"] = secret
        elif secret:  # RFC 6749, 2.3.1: both are encoded as in a form first
            pair = f"{quote_plus(self.client.client_id)}:{quote_plus(secret)}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        # A code is good once: a call that may have arrived is not repeated.
        answer = await self._fetch(
            "POST", published["token_endpoint"], form=form, headers=headers, write=True, may_throttle=False
        )
        if answer.status == 429:
            # It may be about this browser's codes, which anybody can make up: nobody else's sign-in rests for it.
            raise Throttled(f"{self.client.name} asks us to slow down.", service=self.client.name, happened=False)
        return self._object(answer)

    async def _more(self, where: str, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims, with those of the user-info endpoint. Raises NotTrusted where these are of somebody else."""
        if not access_token.isascii() or not access_token.isprintable():
            raise NotTrusted("the access token is no token")
        more = self._object(await self._fetch("GET", where, headers={"authorization": f"Bearer {access_token}"}))
        if more.get("sub") != claims["sub"]:
            raise NotTrusted("the user info is about somebody else")
        return {**more, **claims}

    def _object(self, answer: Response) -> dict[str, Any]:
        """Raises Rejected where it is a refusal, Unreachable where it is cut off, NotTrusted where it is no object."""
        if answer.status != 200:
            told = answer.json_or_none()
            said = told.get("error") if isinstance(told, dict) else None
            # Of a foreign text only what is a code as the standards have them.
            why = f": {said}" if isinstance(said, str) and _WORD.fullmatch(said) else ""
            raise Rejected(f"{self.client.name} refuses ({answer.status}{why}).", service=self.client.name)
        found = answer.json()
        if not isinstance(found, dict):
            raise NotTrusted("the answer is no object")
        return found

    async def _fetch(
        self, method: str, url: str, *, write: bool = False, may_throttle: bool = True, **what: Any
    ) -> Response:
        """Raises Upstream; of answers only those that tell that the provider is ill are errors here. A 429 is none
        where it `may_throttle` nobody but whom it answers."""
        parts, name = urlsplit(url), self.client.name
        outbound = self._connection(f"{parts.scheme}://{parts.netloc}")
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

        async def attempt(seconds: float) -> Response:
            answer = await outbound.request(method, path, timeout_s=seconds, **what)
            if answer.status == 429 and may_throttle:
                detail = f"{name} asks us to slow down."
                raise Throttled(detail, service=name, retry_after_s=answer.retry_after_s, happened=False)
            if answer.status >= 500:
                raise Unreachable(f"{name} has a problem of its own ({answer.status}).", service=name)
            return answer

        return await self._guard.call(attempt, write=write)

    def _connection(self, origin: str) -> Outbound:
        if origin not in self._connections:
            self._connections[origin] = Outbound(
                origin, service=self.client.name, largest=_LARGEST_ANSWER, pool=5, clock=self._clock
            )
        return self._connections[origin]
