"""Who may do what: the one place that decides. Pure.

A route declares one permission (app.domains.identity.access). A user has those of their role; a key those of its
scopes, and where it belongs to a user never more than that user.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """What a route may ask for."""

    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    RULES_WRITE = "rules:write"
    RUNS_READ = "runs:read"
    INTAKE_WRITE = "intake:write"
    SYNC_RUN = "sync:run"
    INTEGRATIONS_WRITE = "integrations:write"
    FLEET_WRITE = "fleet:write"
    STATUS_READ = "status:read"
    METRICS_READ = "metrics:read"
    KEYS_WRITE = "keys:write"
    KEYS_END = "keys:end"
    VIEWS_WRITE = "views:write"
    USERS_MANAGE = "users:manage"
    AUDIT_READ = "audit:read"
    ADMIN = "admin"


ABOUT: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.TASKS_READ: "see the queue, tasks and why they stand where they stand, people, rules, integrations",
        Permission.TASKS_WRITE: "act on tasks and undo it, rank by hand, say who is who, decide on write-backs",
        Permission.RULES_WRITE: "save, activate and roll back rulesets and calendars, decide on proposals",
        Permission.RUNS_READ: "follow pulls and imports and read their reports",
        Permission.INTAKE_WRITE: "import files and send events",
        Permission.SYNC_RUN: "start and cancel pulls",
        Permission.INTEGRATIONS_WRITE: "add integrations, and change, connect and delete one's own",
        Permission.FLEET_WRITE: "register agents and send heartbeats",
        Permission.STATUS_READ: "see how each part stands",
        Permission.METRICS_READ: "read metrics",
        Permission.KEYS_WRITE: "make and change one's own API keys, never with more rights than one's own",
        Permission.KEYS_END: "see one's own API keys and revoke them",
        Permission.VIEWS_WRITE: "save views of the queue for oneself; with `tasks:write`, share them with all",
        Permission.USERS_MANAGE: "add, change and remove users, and reset their passwords",
        Permission.AUDIT_READ: "read and verify the audit trail",
        Permission.ADMIN: "everything else that concerns the whole: other people's integrations and keys, sample data",
    }
)
"""For people: what each permission allows."""


class Role(StrEnum):
    """What a user is here."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.TASKS_READ, Permission.RUNS_READ, Permission.STATUS_READ})
_PERSON = _VIEWER | {Permission.KEYS_END, Permission.VIEWS_WRITE}
"""A viewer has keys where they were more before: they see and end them, and a key with the same rights does not. Nor
does such a key, which only looks, save views."""
_OPERATOR = _PERSON | {
    Permission.TASKS_WRITE,
    Permission.INTAKE_WRITE,
    Permission.SYNC_RUN,
    Permission.INTEGRATIONS_WRITE,
    Permission.FLEET_WRITE,
    Permission.METRICS_READ,
    Permission.KEYS_WRITE,
}
OF_ROLE: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {Role.VIEWER: _PERSON, Role.OPERATOR: _OPERATOR, Role.ADMIN: frozenset(Permission)}
)


class Scope(StrEnum):
    """What a key may be given."""

    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    SYNC_RUN = "sync:run"
    INTAKE_WRITE = "intake:write"
    FLEET_WRITE = "fleet:write"
    METRICS_READ = "metrics:read"
    ADMIN = "admin"


OF_SCOPE: Mapping[Scope, frozenset[Permission]] = MappingProxyType(
    {
        Scope.TASKS_READ: _VIEWER,
        Scope.TASKS_WRITE: _VIEWER | {Permission.TASKS_WRITE, Permission.INTAKE_WRITE, Permission.VIEWS_WRITE},
        Scope.SYNC_RUN: frozenset({Permission.SYNC_RUN, Permission.RUNS_READ}),
        Scope.INTAKE_WRITE: frozenset({Permission.INTAKE_WRITE, Permission.RUNS_READ}),
        Scope.FLEET_WRITE: frozenset({Permission.FLEET_WRITE}),
        Scope.METRICS_READ: frozenset({Permission.METRICS_READ, Permission.STATUS_READ}),
        Scope.ADMIN: frozenset(Permission),
    }
)


def of_key(scopes: Iterable[Scope], owner: Role | None) -> frozenset[Permission]:
    """A key's permissions; with an owner never more than theirs."""
    given = frozenset[Permission]().union(*(OF_SCOPE[scope] for scope in scopes))
    return given if owner is None else given & OF_ROLE[owner]


_NEVER_OF_TOKENS = frozenset({Permission.KEYS_WRITE, Permission.USERS_MANAGE})
"""What lasts longer than a token does."""


def of_token(scopes: Iterable[Scope], key: AbstractSet[str]) -> frozenset[Permission]:
    """A token's permissions: never more than its key's, and none to make what lets somebody in after its end."""
    return frozenset(each for each in of_key(scopes, None) if each in key) - _NEVER_OF_TOKENS


def beyond(scopes: Iterable[Scope], permissions: AbstractSet[str]) -> list[Scope]:
    """Which of them give more than somebody has."""
    return [scope for scope in scopes if not OF_SCOPE[scope] <= permissions]
