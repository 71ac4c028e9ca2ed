"""Answers as they are shown in the API's description: shortened ones of a running program."""

from typing import Any

_LAST: dict[str, Any] = {"next_cursor": None, "has_more": False}
INTEGRATION: dict[str, Any] = {
    "id": 1,
    "kind": "gmail",
    "name": "support mail",
    "settings": {"query": "to:support@example.org"},
    "gateway": {"connected_account_id": "ca_1a2b3c4d5e6f", "user_id": "default"},
    "live": True,
    "state": "ok",
    "level": "NORMAL",
    "paused": False,
    "items": 2318,
    "cursor_age_s": 72,
    "last_started_at": "2026-03-02T09:00:00Z",
    "last_finished_at": "2026-03-02T09:00:03Z",
    "last_success_at": "2026-03-02T09:00:03Z",
    "last_failed_at": None,
    "first_failed_at": None,
    "failures": 0,
    "last_error": None,
    "next_sync_at": "2026-03-02T09:02:03Z",
    "run": None,
    "breaker": {"state": "closed", "failures": 0, "retry_at": None},
    "write_back": False,
    "private": False,
    "owner": {"id": 1, "email": "ana@example.org"},
    "viewers": [],
    "sample": False,
    "created_at": "2026-02-27T16:12:40Z",
}
INTEGRATIONS: dict[str, Any] = {"items": [INTEGRATION], **_LAST}
DELETED: dict[str, Any] = {"deleted": 1, "items": 2318, "tasks": 402, "revoked": True}
KINDS: dict[str, Any] = {
    "items": [
        {
            "kind": "gmail",
            "title": "Gmail",
            "description": "A Gmail or Google Workspace mailbox, kept up to date.",
            "file_hint": "",
            "live": {
                "service": "Gmail",
                "settings_schema": {"properties": {"query": {"type": "string"}}},
                "scopes": {"https://www.googleapis.com/auth/gmail.readonly": "to read messages and labels"},
                "poll_every_s": 120,
                "calls_per_minute": 250,
                "tools": ["GMAIL_FETCH_EMAILS", "GMAIL_LIST_HISTORY"],
                "writes": ["A conversation that is done is archived; one that is open again is back in the inbox."],
                "write_scopes": {"https://www.googleapis.com/auth/gmail.modify": "to archive and to label"},
                "known_limits": ["Attachments are known by name, type and size; their content is not read."],
                "ready": True,
                "gateways": ["composio"],
                "troubles": [],
            },
        }
    ],
    **_LAST,
}
RUN: dict[str, Any] = {
    "id": 12,
    "integration": "support mail",
    "what": "changes",
    "reason": "schedule",
    "state": "succeeded",
    "created_at": "2026-03-02T09:00:00Z",
    "started_at": "2026-03-02T09:00:00Z",
    "finished_at": "2026-03-02T09:00:03Z",
    "read": 4,
    "new": 2,
    "updated": 1,
    "unchanged": 1,
    "refused": 0,
    "gone": 1,
    "pages": 1,
    "cursor_before": {"history_id": "987654"},
    "cursor_after": {"history_id": "987700"},
    "context": 0,
    "warnings": [],
    "warnings_total": 0,
    "tasks": {"new": 1, "updated": 2, "not_for_us": 0},
    "progress": None,
    "error": None,
    "hint": None,
}
RUNS: dict[str, Any] = {"items": [RUN], **_LAST}
STARTED: dict[str, Any] = {"run": {**RUN, "state": "queued", "reason": "request", "started_at": None}}
SYNC: dict[str, Any] = {"runs": [STARTED["run"]], "already_running": []}
WARNINGS: dict[str, Any] = {
    "items": [{"what": "inbox.mbox, message 12", "why": "The date could not be read: «yesterday»."}],
    **_LAST,
}
_KEPT: dict[str, Any] = {
    "id": 3,
    "at": "2026-03-02T09:00:03Z",
    "run": 12,
    "tool": "GMAIL_FETCH_EMAILS",
    "path": "data.messages",
    "why": "Gmail's answer to GMAIL_FETCH_EMAILS holds no «messages» (data.messages): its form has changed.",
    "whole": True,
    "shortened": False,
    "replayed_at": None,
}
KEPT: dict[str, Any] = {"items": [_KEPT], **_LAST}
KEPT_DETAIL: dict[str, Any] = {**_KEPT, "arguments": {"max_results": 100}, "value": {"mails": []}}
REPLAY: dict[str, Any] = {
    "readable": True,
    "why": None,
    "read": 1,
    "new": 1,
    "updated": 0,
    "unchanged": 0,
    "refused": 0,
}
