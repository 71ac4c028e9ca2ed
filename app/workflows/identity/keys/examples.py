"""Keys and tokens as /docs shows them. No key of these was ever made."""

from typing import Any

KEY: dict[str, Any] = {
    "id": 3,
    "name": "nightly pull",
    "prefix": "wf_5f2d8c01ab9e",
    "scopes": ["sync:run"],
    "state": "active",
    "owner": {"id": 7, "email": "ann@example.org"},
    "networks": ["10.0.0.0/8"],
    "created_by": "ann@example.org",
    "created_at": "2026-03-02T09:00:00Z",
    "expires_at": "2027-03-02T09:00:00Z",
    "revoked_at": None,
    "last_used_at": "2026-03-03T01:00:00Z",
    "last_used_from": "10.1.2.3",
}
NEW: dict[str, Any] = KEY | {"last_used_at": None, "last_used_from": "", "key": "wf_5f2d8c01ab9e_…"}
NEW_BODY: dict[str, Any] = {
    "name": "nightly pull",
    "scopes": ["sync:run"],
    "expires_at": "2027-03-02T09:00:00Z",
    "networks": ["10.0.0.0/8"],
}
EDIT: dict[str, Any] = {"name": "nightly pull, host a", "expires_at": None}
PAGE: dict[str, Any] = {"items": [KEY], "next_cursor": None, "has_more": False, "total": None}
TOKEN: dict[str, Any] = {
    "token": "eyJhbGciOiJFZDI1NTE5…",
    "token_type": "Bearer",
    "expires_at": "2026-03-02T09:15:00Z",
    "scopes": ["tasks:read"],
}
TOKEN_BODY: dict[str, Any] = {"scopes": ["tasks:read"], "minutes": 5}
