"""What Slack's words for a failure mean here.

Words: https://docs.slack.dev/reference/methods/conversations.history#errors. Errors quote the word they come from
in their detail; it is looked for there.
"""

import re
from typing import NoReturn

from app.core.errors import Rejected, Throttled, Unauthorised, Unreachable, Upstream

SERVICE = "Slack"
STALE = frozenset({"invalid_cursor"})
GONE = frozenset({"thread_not_found", "message_not_found"})
OF_ONE_CHANNEL = {
    "not_in_channel": "The account is not a member of it. Join it in Slack, or leave it out in the settings.",
    "channel_not_found": "Slack does not show it to this account. Invite the account to it, or leave it out.",
    "missing_scope": "The connection may not read this sort of conversation. Connect Slack again with its scope.",
    "is_archived": "It is archived and can't be read any more. Leave it out in the settings.",
    "access_denied": "Slack denies this account access to it. Leave it out, or ask an admin of the workspace.",
    "team_access_not_granted": "It belongs to a workspace that the connection has no access to. Leave it out.",
    "no_permission": "The account may not read it. Leave it out, or ask an admin of the workspace.",
}
"""What to do where one conversation can't be read while others can."""

_THROTTLED = frozenset({"ratelimited", "rate_limited"})
_SIGNED_OUT = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"),
        *("no_permission", "org_login_required", "ekm_access_denied", "two_factor_setup_required"),
    }
)
_ILL = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)+|ratelimited")
_MOST = 60


def words(error: Upstream) -> frozenset[str]:
    """Slack's words that an error quotes."""
    return frozenset(_WORD.findall(error.detail))


def of_one_channel(error: Rejected | Unauthorised) -> str | None:
    """The word where the failure concerns the one conversation that was asked for; None where it concerns all.

    Of lacking leave the gateway tells no word. Only who knows that the account as such still works may ask here then.
    """
    known = min(words(error) & OF_ONE_CHANNEL.keys(), default=None)
    return known or ("missing_scope" if isinstance(error, Unauthorised) else None)


def is_one_of(error: Upstream, known: frozenset[str]) -> bool:
    return bool(words(error) & known)


def refuse(tool: str, word: str) -> NoReturn:
    """Raise what an answer with `"ok": false` means, where the gateway let it through."""
    named = f"«{word[:_MOST]}»" if word else "without a reason"
    detail = f"Slack says that {tool} failed: {named}."
    if word in _THROTTLED:
        raise Throttled(detail, service=SERVICE, happened=False)
    if word in _SIGNED_OUT:
        raise Unauthorised(detail, service=SERVICE, happened=False)
    if word in _ILL:
        raise Unreachable(detail, service=SERVICE)
    raise Rejected(detail, service=SERVICE, happened=False)
