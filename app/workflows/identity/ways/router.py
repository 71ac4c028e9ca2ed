"""The other ways in over HTTP: links, setting a forgotten password, and single sign-on."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.core import gate, problems
from app.core.errors import Conflict
from app.core.identifying import FORGETS, forget
from app.core.origins import is_loopback
from app.core.web import Repeatable, writing
from app.domains.identity import users
from app.domains.identity.access import ANYONE, USERS_MANAGE
from app.workflows.identity import cookies, guesses, own
from app.workflows.identity.entering import browser_of, doorkeeper
from app.workflows.identity.schemas import MeOut
from app.workflows.identity.ways import links, single_sign_on
from app.workflows.identity.ways.outside import Ways
from app.workflows.identity.ways.schemas import (
    ON_ITS_WAY,
    Asked,
    ForgotIn,
    LinkIn,
    NewPasswordIn,
    PasswordLink,
    ProviderOut,
    WaysOut,
)
from app.workflows.identity.ways.single_sign_on import LASTS, Refused, Returned
from app.workflows.identity.welcoming import welcome

router = gate.router(prefix="/api/v1/auth", tags=["sign-in"], responses=problems.responses(422))
of_users = gate.router(prefix="/api/v1/users", tags=["users"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The user's id.")]
_SENT_ON: dict[int | str, dict[str, Any]] = {302: {"description": "The browser is sent on."}}


@router.get("/ways", operation_id="get_ways", dependencies=ANYONE)
async def get_ways(request: Request) -> WaysOut:
    """How people can sign in here."""
    settings, ways = request.app.state.settings, _ways(request)
    provider = ProviderOut(name=settings.oidc_name, url=single_sign_on.BEGIN) if ways.provider else None
    return WaysOut(
        password=True,
        password_shortest=settings.password_shortest,
        provider=provider,
        mail=ways.forgotten is not None,
        first_link=settings.environment == "development" and is_loopback(settings.listen_host),
        errors=dict(single_sign_on.sentences(settings.oidc_name)),
    )


@router.post(
    "/link",
    operation_id="sign_in_by_link",
    dependencies=[*ANYONE, FORGETS],
    responses=problems.responses(401, 403, 429),
)
async def sign_in_by_link(body: LinkIn, request: Request, response: Response) -> MeOut:
    """Sign in by a link that the terminal showed: the answer sets the session's cookie. A second factor is not asked
    for: whoever can make such a link has the database."""
    state = request.app.state
    here = links.is_here(request.client.host if request.client else "", _was_forwarded(request))
    entered = await links.sign_in(doorkeeper(state), body.token, browser_of(request, state.settings), from_here=here)
    return welcome(state, response, entered)


@router.post(
    "/password/forgot",
    operation_id="forgot_password",
    dependencies=ANYONE,
    status_code=202,
    responses=problems.responses(409, 429, 503),
)
async def forgot_password(body: ForgotIn, request: Request) -> Asked:
    """Have a link to set a password mailed. What is answered is the same whether there is such an account. 409 where no
    mail server is set up."""
    state, forgotten = request.app.state, _ways(request).forgotten
    if forgotten is None:
        raise Conflict("No mail is sent from here. Ask an admin for a link: watchfloor users link EMAIL --reset")
    browser = browser_of(request, state.settings)
    await guesses.of_mail(state.database, state.vault, browser, now=state.clock())
    forgotten.ask(body.email)
    return Asked(detail=ON_ITS_WAY)


@router.post(
    "/password/reset",
    operation_id="set_password_by_link",
    dependencies=[*ANYONE, FORGETS],
    status_code=204,
    responses=problems.responses(401, 429, 503),
)
async def set_password_by_link(body: NewPasswordIn, request: Request, response: Response) -> None:
    """Set a password by a link. All sessions of the account end, and its second factor stays. Sign in afterwards."""
    state = request.app.state
    browser = browser_of(request, state.settings)
    device = await links.set_password(doorkeeper(state), body.token, body.password, browser)
    cookies.remember(response, state.settings, device)


@of_users.post(
    "/{user_id}/password-link",
    operation_id="create_password_link",
    dependencies=USERS_MANAGE,
    status_code=201,
    responses=problems.responses(403, 404, 409),
)
async def create_password_link(
    user_id: Id, request: Request, response: Response, _key: Repeatable = None
) -> PasswordLink:
    """A link by which somebody sets their password, to be handed to them.

    403 for oneself. Under an Idempotency-Key a repeat is told only that it happened.
    """
    own.not_of_oneself(user_id, "POST /api/v1/auth/password")
    state, now = request.app.state, request.app.state.clock()
    async with writing(request) as session:
        user = await users.get(session, user_id, lock=True)
        link = await links.to_set_password(session, user, state.settings, now=now)
    response.headers["Cache-Control"] = "no-store"
    return PasswordLink(link=link, expires_at=now + links.PASSWORD_LASTS)


@router.get(
    "/oidc",
    operation_id="begin_single_sign_on",
    dependencies=ANYONE,
    status_code=302,
    response_class=RedirectResponse,
    responses=_SENT_ON,
)
async def begin_single_sign_on(
    request: Request, go_on: Annotated[str, Query(alias="next", description="Where to go on, as «/».")] = "/"
) -> Response:
    """Send the browser to the OpenID Connect provider."""
    state, provider = request.app.state, _ways(request).provider
    if provider is None:
        return _not_signed_in(request, "off")
    try:
        begun = await single_sign_on.begin(doorkeeper(state), provider, go_on=go_on)
    except Refused as refused:
        return _not_signed_in(request, refused.code)
    answer = _sent_to(begun.url)
    _keep(request, answer, begun.secret, int(LASTS.total_seconds()))
    return answer


@router.get(
    "/oidc/callback",
    operation_id="finish_single_sign_on",
    dependencies=ANYONE,
    status_code=302,
    response_class=RedirectResponse,
    responses=_SENT_ON,
)
async def finish_single_sign_on(
    request: Request,
    state: Annotated[str, Query(description="What the browser was sent with.")] = "",
    code: Annotated[str, Query(description="Is exchanged for who it is.")] = "",
    iss: Annotated[str | None, Query(description="Whose answer it is (RFC 9207).")] = None,
    error: Annotated[str, Query(description="Why there is no code.")] = "",
) -> Response:
    """The provider sends the browser back here: it is signed in and sent on, or to the page that says why not."""
    own, provider = request.app.state, _ways(request).provider
    if provider is None:
        return _not_signed_in(request, "off")
    returned = Returned(state, request.cookies.get(single_sign_on.cookie_name(own.settings), ""), code, iss, error)
    try:
        entered, go_on = await single_sign_on.finish(
            doorkeeper(own), provider, returned, browser_of(request, own.settings)
        )
    except Refused as refused:
        return _not_signed_in(request, refused.code)
    forget(request)  # by hand: this is a GET, and where it fails it answers, too
    answer = _sent_to(go_on)
    cookies.sign_in(answer, own.settings, token=entered.token, device=entered.device)
    _keep(request, answer, "", 0)
    return answer


def _not_signed_in(request: Request, code: str) -> Response:
    answer = _sent_to(f"/sign-in?error={code}")
    _keep(request, answer, "", 0)
    return answer


def _sent_to(url: str) -> Response:
    # The addresses of a sign-in are nobody else's, and are good for nothing a second time.
    return RedirectResponse(url, 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _keep(request: Request, answer: Response, secret: str, seconds: int) -> None:
    settings = request.app.state.settings
    answer.set_cookie(
        single_sign_on.cookie_name(settings),
        secret,
        seconds,
        path="/",
        secure=cookies.are_secure(settings),
        httponly=True,
        samesite="lax",  # it comes along when the provider sends the browser back
    )


def _was_forwarded(request: Request) -> bool:
    """Whether a proxy stands between that we were not told of: behind it, everybody seems to be on this machine."""
    said = any(name in request.headers for name in ("forwarded", "x-forwarded-for"))
    return said and not request.app.state.settings.trusted_proxies


def _ways(request: Request) -> Ways:
    ways: Ways = request.app.state.ways
    return ways
