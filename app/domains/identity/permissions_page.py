"""Roles, scopes, permissions and routes as a page for people. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domains.identity.rules import ABOUT, OF_ROLE, OF_SCOPE, Permission

_HEAD = """# Who may do what

This page is made from the code by `scripts/permissions`; a test holds it to that. The one place that decides is
[app/domains/identity/rules.py](../app/domains/identity/rules.py).

Every route declares one permission, or that it is open. A user has the permissions of their **role**. An API key has
those of its **scopes**, and where it belongs to a user never more than that user; a token never more than its key
([keys.md](keys.md)). What somebody may see besides depends on private integrations, which are seen by their owner and
those named: an admin's role does not show them.

Whoever is not known is answered 401, whoever lacks the permission 403 with its name; nothing of the request is read
before. A test asks every route with every sort of credentials: none, unknown, malformed, expired, revoked, from
elsewhere, of a disabled user; sessions that ended, were idle, or come without their proof; forged tokens; each role,
each scope. {size}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One route."""

    method: str
    path: str
    summary: str
    permission: str
    """Empty: open; «*»: whoever is known."""


def page(routes: Iterable[Asked], *, sorts: int) -> str:
    """Markdown. `sorts` is how many sorts of credentials each route is tried with."""
    listed = sorted(routes, key=lambda each: (each.path, each.method))
    size = f"{len(listed)} routes × {sorts} sorts of credentials = {len(listed) * sorts:,} requests, on each database."
    roles = _table({str(role): has for role, has in OF_ROLE.items()})
    scopes = _table({str(scope): has for scope, has in OF_SCOPE.items()})
    parts = (_HEAD.format(size=size), "## Roles\n", roles, "\n## Scopes of keys\n", scopes, "\n## Routes\n")
    return "\n".join((*parts, _routes(listed), ""))


def _table(of: Mapping[str, frozenset[Permission]]) -> str:
    rows = [f"| permission | {' | '.join(of)} | to |", f"|---|{':-:|' * len(of)}---|"]
    for permission in Permission:
        marks = " | ".join("✓" if permission in has else "" for has in of.values())
        rows.append(f"| `{permission}` | {marks} | {ABOUT[permission]} |")
    return "\n".join(rows)


def _routes(listed: Iterable[Asked]) -> str:
    rows = ["| route | permission | what it does |", "|---|---|---|"]
    for each in listed:
        needs = {"": "open", "*": "whoever is known"}.get(each.permission, f"`{each.permission}`")
        rows.append(f"| `{each.method} {each.path}` | {needs} | {each.summary} |")
    return "\n".join(rows)
