"""What services say went wrong, in their own words, and what has to be done about it."""

from typing import Any

import pytest

from app.core.errors import NotThere, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Upstream
from app.integrations.gateways.answers import data_of
from app.integrations.registry import TOOLS

GMAIL, SLACK, NOTION = (TOOLS[name] for name in ("GMAIL_FETCH_EMAILS", "SLACK_LIST_ALL_USERS", "NOTION_FETCH_DATABASE"))

WORDS: list[tuple[Any, Any, type[Upstream]]] = [
    ("ratelimited", {}, Throttled),
    ("rate_limited", {}, Throttled),
    ("Rate limit exceeded", None, Throttled),
    ("403 Client Error: Forbidden", {"status_code": 403, "message": "userRateLimitExceeded"}, Throttled),
    ("rateLimitExceeded", {"status_code": 403}, Throttled),
    ("Quota exceeded for quota metric", {}, Throttled),
    ("", {"status_code": 429}, Throttled),
    ("401 Client Error: Unauthorized", {"message": "…", "status_code": 401}, Unauthorised),
    ("invalid_auth", {}, Unauthorised),
    ("token_revoked", {}, Unauthorised),
    ("token_expired", {}, Unauthorised),
    ("not_authed", {}, Unauthorised),
    ("account_inactive", {}, Unauthorised),
    ("missing_scope", {"needed": "channels:history"}, Unauthorised),
    ("Request had insufficient authentication scopes.", {"status_code": 403}, Unauthorised),
    ("invalid_grant: Token has been expired or revoked.", {}, Unauthorised),
    ("restricted_resource", {"status": 403}, Unauthorised),
    ("403 Client Error", {}, Unauthorised),
    ("No connected account found", {}, Unauthorised),
    ("404 Client Error: Not Found", {}, NotThere),
    ("Requested entity was not found.", {"status_code": 404}, NotThere),
    ({"code": 404, "message": "Requested entity was not found."}, {}, NotThere),
    ("channel_not_found", {}, NotThere),
    ("Could not find database with ID: 1ec43c10", {"code": "object_not_found"}, NotThere),
    ("not_in_channel", {}, Rejected),
    ("validation_error: Databases with multiple data sources are not supported", {}, Rejected),
    ("400 Client Error: Bad Request", {"status_code": 400}, Rejected),
    ("something that nobody has seen before", {}, Rejected),
    (None, None, Rejected),
    ("503 Server Error: Service Unavailable", {}, Unreachable),
    ("internal_error", {}, Unreachable),
    ("backendError", {"status_code": 503}, Unreachable),
    ("HTTP error: 502", {}, Unreachable),
    ("Request timed out", {}, TimedOut),
    ("504 Server Error: Gateway Timeout", {}, TimedOut),
    (None, {"response_data": {"error": {"code": 401, "message": "Login Required."}}}, Unauthorised),
]


@pytest.mark.parametrize(("error", "data", "expected"), WORDS, ids=lambda each: str(each)[:40])
def test_a_failure_inside_a_success(error: Any, data: Any, expected: type[Upstream]) -> None:
    with pytest.raises(Upstream) as caught:
        data_of({"successful": False, "error": error, "data": data}, SLACK, {})

    assert type(caught.value) is expected
    assert caught.value.service == "Slack"
    assert caught.value.detail.startswith("Slack ") or "Slack's" in caught.value.detail
    assert caught.value.happened is (None if expected in (Unreachable, TimedOut) else False)


@pytest.mark.parametrize(
    ("tool", "data", "expected"),
    [
        (SLACK, {"ok": False, "error": "ratelimited"}, Throttled),
        (SLACK, {"data": {"ok": False, "error": "invalid_auth"}}, Unauthorised),
        (SLACK, {"ok": False}, Rejected),
        (NOTION, {"object": "error", "status": 429, "code": "rate_limited", "message": "Slow down"}, Throttled),
        (NOTION, {"object": "error", "status": 404, "code": "object_not_found", "message": "Nope"}, NotThere),
    ],
)
def test_a_failure_that_is_called_a_success(tool: Any, data: Any, expected: type[Upstream]) -> None:
    with pytest.raises(Upstream) as caught:
        data_of({"successful": True, "error": None, "data": data}, tool, {})

    assert type(caught.value) is expected


@pytest.mark.parametrize("data", [{"ok": True, "error": "rate limit is this mail's subject"}, {}, [], None, "text"])
def test_what_succeeded_is_given_as_it_is(data: Any) -> None:
    assert data_of({"successful": True, "error": None, "data": data}, GMAIL, {}) == data


def test_the_misspelt_verdict_of_old_servers_is_read() -> None:
    assert data_of({"successfull": True, "data": {"a": 1}}, GMAIL, {}) == {"a": 1}


@pytest.mark.parametrize(
    ("data", "expected"),
    [({"retry_after": 12}, 12), ({"data": {"retry_after": "3"}}, 3), ({"retry_after": "soon"}, 7), ({}, 7)],
)
def test_how_long_to_wait_is_in_the_data_or_the_header(data: Any, expected: float) -> None:
    with pytest.raises(Throttled) as caught:
        data_of({"successful": False, "error": "ratelimited", "data": data}, SLACK, {}, retry_after_s=7)

    assert caught.value.retry_after_s == expected
