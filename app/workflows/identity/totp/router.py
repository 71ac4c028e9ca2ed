"""Codes of an authenticator app over HTTP."""

from functools import partial

from fastapi import Request, Response

from app.core import acting, gate, problems
from app.core.identifying import FORGETS
from app.core.web import Repeatable, writing
from app.domains.identity.access import SIGNED_IN
from app.workflows.identity import own
from app.workflows.identity.entering import doorkeeper
from app.workflows.identity.schemas import CodeIn, PasswordShown, RecoveryOut, TotpOut

router = gate.router(
    dependencies=[FORGETS],
    prefix="/api/v1/auth/totp",
    tags=["sign-in"],
    responses=problems.responses(403, 409, 422, 429, 503),
)


@router.post("", operation_id="propose_totp", dependencies=SIGNED_IN)
async def propose_totp(body: PasswordShown, request: Request, response: Response, _key: Repeatable = None) -> TotpOut:
    """A secret for an authenticator app. Codes are asked for once one of it was confirmed."""
    begin = partial(writing, request)
    secret, uri = await own.propose_totp(doorkeeper(request.app.state), acting.caller(), begin, body.password)
    response.headers["Cache-Control"] = "no-store"
    return TotpOut(secret=secret, uri=uri)


@router.post("/confirm", operation_id="confirm_totp", dependencies=SIGNED_IN)
async def confirm_totp(body: CodeIn, request: Request, response: Response, _key: Repeatable = None) -> RecoveryOut:
    """From now on, signing in asks for a code. One's other sessions end."""
    begin = partial(writing, request)
    codes = await own.confirm_totp(doorkeeper(request.app.state), acting.caller(), begin, body.code)
    response.headers["Cache-Control"] = "no-store"
    return RecoveryOut(recovery_codes=codes)


@router.post("/switch-off", operation_id="switch_off_totp", dependencies=SIGNED_IN, status_code=204)
async def switch_off_totp(body: PasswordShown, request: Request, _key: Repeatable = None) -> None:
    """No code is asked for any more."""
    begin = partial(writing, request)
    await own.switch_off_totp(doorkeeper(request.app.state), acting.caller(), begin, body.password)
