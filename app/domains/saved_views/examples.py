"""Saved views as /docs shows them."""

from typing import Any

FILTER: dict[str, Any] = {
    "status": ["open"],
    "integration": ["support mail"],
    "kind": [],
    "assignee": ["me", "none"],
    "label": [],
    "band": ["now", "next"],
    "tier": [],
    "turn": ["ours"],
    "due": [],
    "due_after": None,
    "due_before": None,
    "q": None,
}
VIEW: dict[str, Any] = {
    "id": 4,
    "name": "Support, our turn",
    "shared": True,
    "owner": {"id": 7, "name": "Ann Lee"},
    "mine": True,
    "may_edit": True,
    "filter": FILTER,
    "sort": "rank",
    "group_by": "band",
    "columns": ["from", "due", "assignee", "score", "reasons"],
    "version": 3,
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:00:00Z",
}
NEW: dict[str, Any] = {
    "name": "Support, our turn",
    "shared": True,
    "filter": {"assignee": ["me", "none"], "band": ["now", "next"], "turn": ["ours"]},
    "group_by": "band",
    "columns": ["from", "due", "assignee", "score", "reasons"],
}
EDIT: dict[str, Any] = {"name": "Support, today", "filter": {"band": ["now"], "due": ["overdue", "day"]}}
PAGE: dict[str, Any] = {"items": [VIEW], "next_cursor": None, "has_more": False, "total": None}
