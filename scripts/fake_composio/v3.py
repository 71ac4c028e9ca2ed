"""The routes of v3.1, and of v3 that differs in nothing here: tools, auth configs, connected accounts, webhooks."""

from collections.abc import Sequence
from typing import Any

from scripts.fake_composio.accounts import LINK_LIVES, Account, stamp
from scripts.fake_composio.backend import Backend, envelope
from scripts.fake_composio.exchange import Answer, Exchange
from scripts.fake_composio.toolkit import HttpFailed, Toolkit


def answer(backend: Backend, exchange: Exchange, parts: Sequence[str]) -> Answer:
    """`parts` is the path behind the version. Raises ToolFailed and HttpFailed."""
    match exchange.request.method, *parts:
        case "POST", "tools", "execute", slug:
            return 200, _executed(backend, exchange, slug)
        case "GET", "tools":
            return 200, _tools(backend, exchange)
        case "GET", "tools", slug:
            toolkit = backend.owner(slug)
            return 200, _tool(backend, toolkit, slug, _asked_version(exchange, toolkit.toolkit))
        case "GET", "auth_configs":
            return 200, _auth_configs(backend, exchange)
        case "POST", "connected_accounts", "link":
            return 201, _link(backend, exchange)
        case "GET", "connected_accounts":
            return 200, _accounts(backend, exchange)
        case "GET", "connected_accounts", account_id:
            return 200, backend.accounts.lapse(backend.accounts.get(account_id), backend.now()).as_json()
        case "POST", "connected_accounts", account_id, "revoke":
            backend.accounts.get(account_id).set("REVOKED", backend.now(), "Revoked by user")
            return 200, {"success": True, "status": "REVOKED"}
        case "DELETE", "connected_accounts", account_id:
            del backend.accounts.by_id[backend.accounts.get(account_id).id]
            return 200, {"success": True}
        case "POST", "webhook_subscriptions":
            return 201, backend.webhooks.subscribe(exchange.body, backend.now()).as_json(secret=True)
        case "GET", "webhook_subscriptions":
            return 200, _page(exchange, [each.as_json() for each in backend.webhooks.subscriptions.values()])
        case "POST", "trigger_instances", slug, "upsert":
            return 201, {"trigger_id": backend.webhooks.trigger(slug, _triggered(backend, exchange))}
    raise HttpFailed(404, "Not found", 404, "HTTP_NotFound")


def _executed(backend: Backend, exchange: Exchange, slug: str) -> Any:
    if not isinstance(exchange.body.get("arguments", {}), dict):
        raise HttpFailed(400, "arguments must be an object", 400, "HTTP_BadRequest")
    version = exchange.body.get("version")
    return envelope(backend.run(exchange, slug, None if version is None else str(version)), backend.served)


def _asked_version(exchange: Exchange, toolkit: str) -> str | None:
    """Of `toolkit_versions=…`, which is one version, or `toolkit_versions[gmail]=…`; `version=…` is older."""
    query = exchange.request.query
    names = (f"toolkit_versions[{toolkit}]", "toolkit_versions", "version")
    return next((query[name] for name in names if name in query), None)


def _tool(backend: Backend, toolkit: Toolkit, slug: str, asked: str | None) -> dict[str, Any]:
    version = backend.version(toolkit.toolkit, asked)
    name = slug.removeprefix(f"{toolkit.toolkit.upper()}_").replace("_", " ").capitalize()
    schema = {"type": "object", "properties": {}}
    return {
        "slug": slug,
        "name": name,
        "description": f"{name}.",
        "toolkit": {"slug": toolkit.toolkit, "name": toolkit.toolkit.capitalize(), "logo": ""},
        "input_parameters": schema,
        "output_parameters": schema,
        "version": version,
        "available_versions": backend.versions.get(toolkit.toolkit, [version]),
        "no_auth": False,
        "scopes": [],
        "tags": [],
        "is_deprecated": False,
    }


def _tools(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    wanted = _listed(exchange, "toolkit_slug")
    named = {slug.upper() for slug in _listed(exchange, "tool_slugs")}
    found = [
        _tool(backend, toolkit, slug, _asked_version(exchange, toolkit.toolkit))
        for toolkit in backend.worlds().values()
        if not wanted or toolkit.toolkit in wanted
        for slug in toolkit.tools
        if not named or slug in named
    ]
    return _page(exchange, found)


def _auth_configs(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    wanted = _listed(exchange, "toolkit_slug")
    found = [
        {
            "id": config,
            "name": f"{toolkit}-managed",
            "toolkit": {"slug": toolkit},
            "auth_scheme": "OAUTH2",
            "is_composio_managed": True,
            "status": "DISABLED" if toolkit in backend.accounts.disabled else "ENABLED",
        }
        for toolkit, config in backend.accounts.auth_configs.items()
        if not wanted or toolkit in wanted
    ]
    return _page(exchange, found)


def _link(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    """A link on this server, so that opening it in a browser is the consent."""
    body, configs = exchange.body, backend.accounts.auth_configs
    toolkit = next((name for name, config in configs.items() if config == body.get("auth_config_id")), None)
    world = backend.worlds().get(toolkit or "")
    if world is None:
        raise HttpFailed(404, "Auth config not found", 607, "AuthConfig_NotFound")
    if not exchange.user_id:
        raise HttpFailed(400, "user_id is required", 400, "HTTP_BadRequest")
    callback = body.get("callback_url")
    account = backend.accounts.linked(world, exchange.user_id, str(callback) if callback else None, backend.now())
    host = exchange.request.headers.get("host", "127.0.0.1")
    return {
        "link_token": account.link,
        "redirect_url": f"http://{host}/link/{account.link}",
        "expires_at": stamp(backend.now() + LINK_LIVES),
        "connected_account_id": account.id,
    }


def _triggered(backend: Backend, exchange: Exchange) -> Account:
    account = backend.accounts.get(str(exchange.body.get("connected_account_id")))
    if backend.accounts.lapse(account, backend.now()).status != "ACTIVE":
        raise HttpFailed(400, "Connected account is not active", 400, "Trigger_BadRequest")
    return account


def _accounts(backend: Backend, exchange: Exchange) -> dict[str, Any]:
    wanted = {name: _listed(exchange, name) for name in ("user_ids", "toolkit_slugs", "statuses")}

    def fits(account: Account) -> bool:
        has = {"user_ids": account.user_id, "toolkit_slugs": account.toolkit.toolkit, "statuses": account.status}
        return all(not values or has[name] in values for name, values in wanted.items())

    every = [backend.accounts.lapse(account, backend.now()) for account in backend.accounts.by_id.values()]
    newest_first = [account.as_json() for account in reversed(every) if fits(account)]
    return _page(exchange, newest_first)


def _listed(exchange: Exchange, name: str) -> list[str]:
    return [each for each in exchange.request.query.get(name, "").split(",") if each]


def _page(exchange: Exchange, found: list[dict[str, Any]]) -> dict[str, Any]:
    query = exchange.request.query
    try:
        size = min(max(int(query.get("limit") or 20), 1), 1000)
        start = int(query.get("cursor") or 0)
    except ValueError as error:
        raise HttpFailed(400, "limit and cursor must be numbers", 400, "HTTP_BadRequest") from error
    end = start + size
    return {
        "items": found[start:end],
        "next_cursor": str(end) if end < len(found) else None,
        "total_pages": max(1, -(-len(found) // size)),
        "current_page": start // size + 1,
        "total_items": len(found),
    }
