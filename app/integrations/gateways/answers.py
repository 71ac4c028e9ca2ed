"""What an answer of Composio means: its HTTP status, the envelope of a 200, and what lies in it.

The same for every gateway. A 200 may hold a failure of the service behind Composio (providers.py); an envelope of
another form than agreed is Unreadable, never an empty result.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable, Upstream
from app.core.http import Response
from app.integrations.gateways.contract import Tool
from app.integrations.gateways.providers import failure, hidden_failure, quoted, told_wait_s
from app.records import Kept

COMPOSIO = "Composio"
_MISMATCH = 1812
_MISSING = (1803, 1810)
_ACCOUNT = re.compile(r"\bconnected[ _-]?accounts?\b", re.IGNORECASE)


def opened(answer: Response, tool: Tool, arguments: Mapping[str, Any]) -> Any:
    """`data` of the answer to a call. Raises Upstream."""
    if not 200 <= answer.status < 300:
        raise refusal(answer, tool)
    return data_of(answer.json(), tool, arguments, retry_after_s=answer.retry_after_s)


def data_of(envelope: Any, tool: Tool, arguments: Mapping[str, Any], *, retry_after_s: float | None = None) -> Any:
    """`data` of an envelope, as either API writes it (v2 misspells one key). Raises Upstream."""
    if not isinstance(envelope, Mapping):
        raise _unreadable(envelope, tool, arguments, "answer", "is no object")
    successful = envelope.get("successful", envelope.get("successfull"))
    if not isinstance(successful, bool):
        raise _unreadable(envelope, tool, arguments, "successful", "does not say whether it succeeded")
    data = envelope.get("data")
    if not successful:
        raise failure(envelope.get("error"), data, tool, told_wait_s(data, retry_after_s))
    if "data" not in envelope:
        raise _unreadable(envelope, tool, arguments, "data", "holds no data")
    if (error := hidden_failure(data)) is not None:
        raise failure(error, data, tool, told_wait_s(data, retry_after_s))
    return data


@dataclass(frozen=True, slots=True)
class _Told:
    """What the body of an error says."""

    message: str
    code: int | None
    slug: str

    @property
    def of_an_account(self) -> bool:
        known = self.code in (_MISMATCH, *_MISSING) or "ConnectedAccount" in self.slug
        return known or bool(_ACCOUNT.search(self.message))


def refusal(answer: Response, tool: Tool | None) -> Upstream:
    """The error that a status other than 2xx means, by what has to be done next."""
    told, status = _told(answer.json_or_none()), answer.status
    if tool is not None and status in (400, 401, 403, 404, 410, 422) and told.of_an_account:
        return _account_trouble(told, tool.of)
    if status == 429:
        detail = "Composio asks us to slow down."
        return Throttled(detail, service=COMPOSIO, retry_after_s=answer.retry_after_s, happened=False)
    if status in (401, 403):
        detail = "Composio refuses the API key. Set COMPOSIO_API_KEY to one of your project at Composio."
        return Unauthorised(detail, service=COMPOSIO, happened=False)
    if status == 408:
        return TimedOut("Composio waited too long for our request.", service=COMPOSIO)
    if status >= 500 and status != 501:
        detail = "Composio does not work at present. It is tried again by itself."
        return Unreachable(detail, service=COMPOSIO, retry_after_s=answer.retry_after_s)
    return Rejected(_why_rejected(status, told, tool), service=COMPOSIO, happened=False)


def _why_rejected(status: int, told: _Told, tool: Tool | None) -> str:
    slug = tool.slug if tool else "this"
    if status == 410:
        return "Composio has removed the API that was called (410). Set COMPOSIO_GATEWAY=rest."
    if status == 404 and tool is not None:
        return f"Composio knows no {slug} in version {tool.version}. See: watchfloor config check-services"
    if 300 <= status < 400:
        return f"Composio's address leads elsewhere ({status}). Check COMPOSIO_BASE_URL."
    return f"Composio refuses the call of {slug} ({status}){quoted(told.message)}."


def _account_trouble(told: _Told, service: str) -> Unauthorised:
    if told.code == _MISMATCH:
        detail = (
            f"{service}'s account at Composio belongs to another user id than ours. Connect it again, or give the user"
            " id it was connected with (COMPOSIO_USER_ID)."
        )
    elif told.code in _MISSING or "NotFound" in told.slug:
        detail = f"Composio knows no such account of {service}. Connect it again."
    else:
        detail = f"{service}'s account at Composio has expired or was disconnected. Connect it again."
    return Unauthorised(detail, service=service, happened=False)


def _told(body: Any) -> _Told:
    """From any of the forms that errors have had: v3.1's object, v2's message, a bare text, a page."""
    if not isinstance(body, Mapping):
        return _Told("", None, "")
    error = body.get("error")
    inner = error if isinstance(error, Mapping) else {}
    message = inner.get("message") or body.get("message") or error
    code = inner.get("code", body.get("code"))
    slug = inner.get("slug") or inner.get("name") or body.get("name") or ""
    return _Told(
        message if isinstance(message, str) else "",
        code if isinstance(code, int) else None,
        slug if isinstance(slug, str) else "",
    )


def _unreadable(envelope: Any, tool: Tool, arguments: Mapping[str, Any], path: str, what: str) -> Unreadable:
    kept = Kept(tool.name, dict(arguments), path, envelope, whole=True)
    detail = f"Composio's answer to {tool.slug} {what} ({path}): its form has changed, or this is no answer of it."
    return Unreadable(detail, path=path, service=tool.of, kept=kept)
