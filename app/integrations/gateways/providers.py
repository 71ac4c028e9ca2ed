"""Failures of the service behind Composio, which come inside a 200: `successful: false` and words.

Gmail, Slack and Notion each have words of their own for the same few things; the tables below say which means what.
Order matters: Google says 403 for a rate as well, and words are surer than the number.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.core.errors import NotThere, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Upstream
from app.core.redaction import redacted
from app.integrations.gateways.contract import Tool
from app.integrations.pulling import levels_of

_LONGEST_QUOTE = 160
_RATE = re.compile(
    r"\brate_?limit(?:ed|exceeded)?\b|\brate limit|userratelimitexceeded|too many (?:concurrent )?requests"
    r"|\bquota ?exceeded|resource_exhausted",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"\b(?:invalid_auth|not_authed|account_inactive|token_revoked|token_expired|missing_scope|no_permission"
    r"|not_allowed_token_type|org_login_required|access_denied|invalid_grant|restricted_resource|unauthorized"
    r"|unauthenticated|insufficientpermissions|permission_denied)\b"
    r"|insufficient (?:authentication )?(?:scopes?|permissions?)|\bconnected account\b|\binvalid credentials\b",
    re.IGNORECASE,
)
_SCOPE = re.compile(r"scope|insufficient|restricted_resource|permission", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:channel_not_found|thread_not_found|message_not_found|user_not_found|users_not_found|object_not_found"
    r"|not[_ ]?found|historyidtooold)\b|could not find (?:database|page|block|data source)",
    re.IGNORECASE,
)
_SLOW = re.compile(r"\b(?:request_timeout|gateway_timeout|deadline_exceeded)\b|\btimed? ?out\b", re.IGNORECASE)
_ILL = re.compile(
    r"\b(?:internal_error|fatal_error|service_unavailable|internal_server_error|team_added_to_org|conflict_error"
    r"|backenderror|database_connection_unavailable)\b|connection (?:reset|refused|aborted)|bad gateway",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^\W*(?:HTTP(?: error)?:? *|(?:status|error) code:? *)?([45]\d\d)\b", re.IGNORECASE)
_STATUS_WITHIN = re.compile(r"\b(?:status(?:_| )?code|error code|http(?: error)?)\W{1,3}([45]\d\d)\b", re.IGNORECASE)
_WAITS = ("retry_after", "retryAfter", "retry-after", "Retry-After")


def failure(error: Any, data: Any, tool: Tool, retry_after_s: float | None) -> Upstream:
    """The error that a service's own failure means."""
    service, said = tool.of, _said(error, data)
    text, words = " ".join(said), said[0] if said else ""
    status = _status(data) or _number(text)
    if _RATE.search(text) or status == 429:
        detail = f"{service} asks us to slow down."
        return Throttled(detail, service=service, retry_after_s=retry_after_s, happened=False)
    if _LEAVE.search(text) or status in (401, 403):
        return Unauthorised(_why_no_leave(service, text, status), service=service, happened=False)
    if _GONE.search(text) or status in (404, 410):
        return NotThere(f"{service} does not have what was asked for{quoted(words)}.", service=service, happened=False)
    if _SLOW.search(text) or status in (408, 504):
        return TimedOut(f"{service} took too long to answer Composio.", service=service)
    if _ILL.search(text) or (status or 0) >= 500:
        return Unreachable(f"{service} does not work at present.", service=service)
    return Rejected(f"{service} refuses the call of {tool.slug}{quoted(words)}.", service=service, happened=False)


def hidden_failure(data: Any) -> str | None:
    """What a service says went wrong where Composio calls it a success: Slack's `ok: false`, Notion's error object."""
    for level in levels_of(data):
        if level.get("ok") is False:
            return str(level.get("error") or "not ok")
        if level.get("object") == "error":
            return f"{level.get('code') or ''} {level.get('message') or ''}".strip() or "error"
    return None


def told_wait_s(data: Any, header_s: float | None) -> float | None:
    """How long to wait, as the answer's header or its data say."""
    for level in levels_of(data):
        for name in _WAITS:
            value = level.get(name)
            if isinstance(value, str) and value.isascii() and value.isdigit():
                value = int(value)
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6:
                return float(value)
    return header_s


def quoted(text: str) -> str:
    """A stranger's words for a sentence of ours, or nothing."""
    words = cleaned(text)
    return f": «{words}»" if words else ""


def cleaned(text: str) -> str:
    """A stranger's words on one line, short, without what looks like a secret, without a full stop."""
    words = " ".join("".join(each if each.isprintable() else " " for each in str(redacted(text))).split())
    if len(words) > _LONGEST_QUOTE:
        words = words[:_LONGEST_QUOTE].rstrip() + "…"
    return words.rstrip(".")


def _why_no_leave(service: str, text: str, status: int | None) -> str:
    if _SCOPE.search(text) or status == 403:
        return f"{service}'s account lacks access to this. Connect it again and grant what is asked for."
    return f"{service} no longer accepts the account. Connect it again."


def _said(error: Any, data: Any) -> list[str]:
    """What the envelope says in words, and what its data say."""
    places = (error, *(level.get(name) for level in levels_of(data) for name in ("error", "code", "message", "detail")))
    return [words for each in places if (words := _words(each))]


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(value[name]) for name in ("code", "status", "message") if value.get(name))
    return value.strip() if isinstance(value, str) else ""


def _status(data: Any) -> int | None:
    for level in levels_of(data):
        for name in ("status_code", "statusCode", "status", "code"):
            value = level.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:
                return value
    return None


def _number(text: str) -> int | None:
    found = _STATUS.match(text) or _STATUS_WITHIN.search(text)
    return int(found[1]) if found else None
