"""Signing in by an OpenID Connect provider's word.

What ties its answer to this browser and to this one try is a secret in a cookie of ten minutes. The state that goes
to the provider and back is a one-time token that knows the cookie's hash; nonce and PKCE verifier are derived from
both, so that nothing which could be used is stored. Another browser, a second use and another try all end the same way.

No code of ours is asked for here: a second factor is the provider's business then.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.core import audit, log
from app.core.errors import Invalid, Upstream
from app.core.openid import NotTrusted, Person, Provider
from app.domains.identity import external, one_time
from app.domains.identity.external import NotLetIn, Terms
from app.domains.identity.hashes import hashed
from app.domains.identity.one_time import Purpose
from app.domains.identity.rules import Role
from app.settings import Settings
from app.workflows.identity import cookies
from app.workflows.identity.entering import Browser, Doorkeeper, Entered, enter
from app.workflows.identity.ways import links

LASTS = timedelta(minutes=10)
BEGIN, CALLBACK = "/api/v1/auth/oidc", "/api/v1/auth/oidc/callback"
_LONGEST = 4_096
_LONGEST_NEXT = 500

_log = log.get(__name__)


class Refused(Exception):
    """Nobody was signed in. `code` is one of `sentences`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that it keeps meanwhile."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brings back."""

    state: str
    secret: str
    """From its cookie."""
    code: str = ""
    issuer: str | None = None
    error: str = ""


def sentences(name: str) -> Mapping[str, str]:
    """What the page says, by code. `name` is the provider's."""
    capital = f"{name[:1].upper()}{name[1:]}"
    return {
        "off": "Signing in with another service is not set up here.",
        "expired": "That took too long, or was begun in another browser or window. Begin again.",
        "refused": f"The sign-in was cancelled at {name}.",
        "provider": f"What {name} answered can't be trusted, so nobody was signed in. Try again; an admin finds more "
        "in the log.",
        "away": f"{capital} does not answer. Try again in a minute, or sign in with a password.",
        "unverified": f"{capital} has not made sure that your e-mail address is yours.",
        "unknown": "There is no user with your e-mail address here. Ask an admin to add you.",
        "disabled": "You may not sign in here any more. Ask an admin.",
        "another": f"Another account of {name} belongs to your user already. Ask an admin.",
    }


def cookie_name(settings: Settings) -> str:
    return f"{'__Host-' * cookies.are_secure(settings)}watchfloor_oidc"


def safe_next(path: str) -> str:
    """An address of ours to go on to; whatever might lead elsewhere becomes the first page."""
    plain = path.isascii() and path.isprintable() and " " not in path and "\\" not in path
    own = path.startswith("/") and not path.startswith("//")
    return path if plain and own and len(path) <= _LONGEST_NEXT else "/"


async def begin(door: Doorkeeper, provider: Provider, *, go_on: str) -> Begun:
    """Raises Refused."""
    secret = secrets.token_urlsafe(32)
    data = {"browser": hashed(secret), "next": safe_next(go_on)}
    async with door.database.writing() as session:
        state = await one_time.issue(session, Purpose.OIDC, now=door.clock(), good_for=LASTS, data=data)
    try:
        url = await provider.where_to(
            redirect_uri=_callback(door.settings),
            state=state,
            nonce=_derived(secret, state, "nonce"),
            verifier=_derived(secret, state, "verifier"),
        )
    except (Upstream, NotTrusted) as error:
        raise _told(error) from error
    return Begun(url, secret)


async def finish(door: Doorkeeper, provider: Provider, returned: Returned, browser: Browser) -> tuple[Entered, str]:
    """Who was signed in, and the address to go on to. Raises Refused."""
    go_on = await _checked(door, returned)
    try:
        await provider.check_answerer(returned.issuer)
        if returned.error or not returned.code:
            raise Refused("refused" if returned.error == "access_denied" else "provider")
        person = await provider.who(
            returned.code,
            redirect_uri=_callback(door.settings),
            nonce=_derived(returned.secret, returned.state, "nonce"),
            verifier=_derived(returned.secret, returned.state, "verifier"),
        )
    except (Upstream, NotTrusted) as error:
        raise _told(error) from error
    return await _let_in(door, person, browser), go_on


async def _checked(door: Doorkeeper, returned: Returned) -> str:
    """Uses the state up, whoever shows it: a try is one try. Raises Refused."""
    if max(len(returned.state), len(returned.secret), len(returned.code)) > _LONGEST:
        raise Refused("provider")
    async with door.database.writing() as session:
        used = await one_time.use(session, returned.state, Purpose.OIDC, now=door.clock())
    if used is None or not hmac.compare_digest(str(used.data.get("browser", "")), hashed(returned.secret)):
        raise Refused("expired")
    return safe_next(str(used.data.get("next", "/")))


async def _let_in(door: Doorkeeper, person: Person, browser: Browser) -> Entered:
    settings, now = door.settings, door.clock()
    terms = Terms(settings.oidc_domains, Role(settings.oidc_role))
    try:
        async with door.database.writing() as session:
            user = await external.user_of(session, person, terms, now=now)
            return await enter(session, user, browser, method="oidc", settings=settings, vault=door.vault, now=now)
    except Invalid:  # an address that no user can have
        code = "unknown"
    except NotLetIn as error:
        code = error.code
    async with door.database.writing() as session:
        audit.happened(session, "sign_in_refused", "", method="oidc", why=code, subject=person.subject[:100])
    raise Refused(code)


def _told(error: Upstream | NotTrusted) -> Refused:
    why = error.detail if isinstance(error, Upstream) else str(error)
    _log.warning("a provider's answer signed nobody in", why=why)
    return Refused("away" if isinstance(error, Upstream) and error.repeatable else "provider")


def _callback(settings: Settings) -> str:
    return f"{links.base(settings)}{CALLBACK}"


def _derived(secret: str, state: str, what: str) -> str:
    """43 characters, as a PKCE verifier has at least (RFC 7636, 4.1)."""
    digest = hmac.new(secret.encode("utf-8", "replace"), f"{what}\n{state}".encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
