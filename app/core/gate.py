"""The gate before every route: who asks must have the permission that the route declares.

It stands behind the routing and before anything of a request's body is read: what is refused costs nothing. A route
that declares nothing can't be made.
"""

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.core import acting
from app.core.acting import Caller
from app.core.errors import FieldError, Forbidden, Invalid, Unauthenticated, Unavailable

ANYONE, KNOWN = "", "*"
"""No sign-in; or any that holds."""
DECLARED = "x-permission"
"""Where a route's permission stands in the API's description."""
EARLIER = "earlier"
"""Where a request's state has the answer that it was given before, where it is a repeat (app.core.once)."""


class Needs:
    """Marks a route with the permission that it asks for. As a dependency it does nothing."""

    def __init__(self, permission: str) -> None:
        self.permission = str(permission)

    def __call__(self) -> None: ...


def needs(permission: str) -> Any:
    """For the `dependencies` of a router, or of a route, whose own word counts."""
    return Depends(Needs(permission))


class GatedRoute(APIRoute):
    """A route that asks for a permission. Raises RuntimeError where it declares none."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        declared = [each.dependency for each in how.get("dependencies") or ()]
        found = [each.permission for each in declared if isinstance(each, Needs)]
        if not found:
            raise RuntimeError(f"{path} declares no permission: see app.core.gate.needs")
        self.permission = found[-1]
        how["openapi_extra"] = {**(how.get("openapi_extra") or {}), DECLARED: self.permission}
        super().__init__(path, endpoint, **how)
        self.numbers = sorted(_numbers(self.dependant))

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def gated(request: Request) -> Response:
            state = request.scope.get("state", {})
            if self.permission != ANYONE:
                check(self.permission, refused=state.get("refused", ""), away=state.get("away", False))
            _check_spelling(self.numbers, request.path_params)
            earlier: Response | None = state.get(EARLIER)
            if earlier is None:
                return await handle(request)
            state["replayed"] = True
            return earlier

        return gated

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not in the handler of above: the transaction of a request commits after that has returned.
        with acting.doing(self.operation_id or self.name, _target(self.path, scope["path_params"])):
            await super().handle(scope, receive, send)


def _target(path: str, values: Mapping[str, Any]) -> str:
    """What a request names in its address: «/tasks/{task_id}/complete» is about «task:12». Never a token."""
    kind = ""
    for part in path.split("/"):
        name = part.strip("{}")
        if part != name and (name == "name" or name.endswith("_id")):
            return f"{kind}:{values[name]}"
        kind = _ONE_OF.get(part, part.removesuffix("s"))
    return ""


def _numbers(dependant: Dependant) -> set[str]:
    """What of an address are ids."""
    own = {each.alias for each in dependant.path_params if each.field_info.annotation is int}
    return own.union(*map(_numbers, dependant.dependencies))


def _check_spelling(names: Iterable[str], values: Mapping[str, Any]) -> None:
    """Raises Invalid. «+1», «01» and «1.0» would be taken for 1, and pass by whatever looks at addresses: the audit
    trail, and bounds."""
    if wrong := [name for name in names if not _NUMBER.fullmatch(str(values[name]))]:
        errors = [FieldError(f"path.{name}", "must be a whole number, as 12") for name in wrong]
        raise Invalid(f"The request can't be taken as it is: see path.{wrong[0]}.", errors=errors)


_NUMBER = re.compile(r"[1-9][0-9]*")
_ONE_OF = {"people": "person", "proposals": "proposal", "api-keys": "key"}


def router(**how: Any) -> APIRouter:
    """An APIRouter, all of whose routes declare what they ask for."""
    return APIRouter(route_class=GatedRoute, **how)


def may(who: Caller, permission: str) -> bool:
    """Whether somebody is known and has a permission."""
    return permission == ANYONE or (who.known and (permission == KNOWN or permission in who.permissions))


def check(permission: str, *, refused: str = "", away: bool = False) -> None:
    """Raises Unauthenticated where nobody is known, and Forbidden where they may not do this; Unavailable, where
    nobody could be asked."""
    who = acting.caller()
    lacks = not may(who, permission)
    if away and lacks:
        raise Unavailable("The database does not answer at the moment. Try again in a few seconds.", retry_after=5)
    if not who.known:
        raise Unauthenticated(refused or "Sign in, or send an API key: Authorization: Bearer KEY.")
    if lacks:
        detail = f"This needs the permission «{permission}», which {who.name or who.kind} does not have."
        raise Forbidden(detail, permission=permission)
