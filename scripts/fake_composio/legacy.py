"""The routes of v1 and v2 that composio-core calls, as a server of one's own has them; Composio's answers 410 now."""

from collections.abc import Sequence
from typing import Any

from scripts.fake_composio.backend import NEWEST, Backend, envelope
from scripts.fake_composio.exchange import Answer, Exchange
from scripts.fake_composio.toolkit import HttpFailed, ToolFailed, Toolkit


def answer(backend: Backend, exchange: Exchange, parts: Sequence[str]) -> Answer:
    """`parts` is the path from the version on. Raises HttpFailed."""
    match exchange.request.method, *parts:
        case "GET", "v1", "client", "auth", "client_info":
            return 200, {"client": {"id": "client_1", "email": "person@company.example", "name": "Person"}}
        case "GET", "v1", "apps", name:
            return 200, {"appId": f"app_{name}", "key": name, "name": name, "no_auth": False}
        case "GET", "v1", "connectedAccounts":
            return 200, _accounts(backend, exchange)
        case "GET", "v1", "connectedAccounts", account_id:
            return 200, backend.accounts.get(account_id).as_legacy_json()
        case "GET", "v2", "actions":
            return 200, _actions(backend, exchange)
        case "GET", "v2", "actions", slug:
            return 200, _action(backend.owner(slug), slug)
        case "POST", "v2", "actions", slug, "execute":
            return 200, _executed(backend, exchange, slug)
    raise HttpFailed(404, "Not Found", 404, "HTTP_NotFound")


def _executed(backend: Backend, exchange: Exchange, slug: str) -> dict[str, Any]:
    """`successfull` is misspelt at the service, and read by the SDK."""
    return {**envelope(backend.run(exchange, slug, None), backend.served), "successfull": True}


def failed_envelope(failed: ToolFailed) -> dict[str, Any]:
    return {"data": failed.body(), "error": failed.message, "successful": False, "successfull": False}


def _accounts(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    query = exchange.request.query
    users = [each for each in query.get("user_uuid", "").split(",") if each]
    active_only = query.get("showActiveOnly") == "true"
    found = [
        account.as_legacy_json()
        for account in backend.accounts.by_id.values()
        if (not users or account.user_id in users) and (account.status == "ACTIVE" or not active_only)
    ]
    return {"items": found, "totalPages": 1, "page": 1}


def _actions(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    apps = [each.lower() for each in exchange.request.query.get("apps", "").split(",") if each]
    return {
        "items": [
            _action(toolkit, slug)
            for toolkit in backend.worlds().values()
            if not apps or toolkit.toolkit in apps
            for slug in toolkit.tools
        ]
    }


def _action(toolkit: Toolkit, slug: str) -> dict[str, Any]:
    schema = {"type": "object", "title": slug, "properties": {}}
    return {
        "name": slug,
        "description": slug.replace("_", " ").capitalize(),
        "parameters": schema,
        "response": schema,
        "appName": toolkit.toolkit,
        "appKey": toolkit.toolkit,
        "appId": f"app_{toolkit.toolkit}",
        "version": NEWEST,
        "available_versions": [NEWEST],
        "tags": [],
        "enabled": True,
        "no_auth": False,
    }
