"""What routes declare: `dependencies=TASKS_READ`. One for each permission, and `ANYONE`."""

from app.core.gate import needs
from app.domains.identity.rules import Permission

ANYONE = [needs("")]
"""No sign-in: health, signing in itself, and what is signed in another way."""
SIGNED_IN = [needs("*")]
"""Whoever is known, whatever they may do: what concerns nobody but themselves."""
TASKS_READ = [needs(Permission.TASKS_READ)]
TASKS_WRITE = [needs(Permission.TASKS_WRITE)]
RULES_WRITE = [needs(Permission.RULES_WRITE)]
RUNS_READ = [needs(Permission.RUNS_READ)]
INTAKE_WRITE = [needs(Permission.INTAKE_WRITE)]
SYNC_RUN = [needs(Permission.SYNC_RUN)]
INTEGRATIONS_WRITE = [needs(Permission.INTEGRATIONS_WRITE)]
STATUS_READ = [needs(Permission.STATUS_READ)]
METRICS_READ = [needs(Permission.METRICS_READ)]
KEYS_WRITE = [needs(Permission.KEYS_WRITE)]
KEYS_END = [needs(Permission.KEYS_END)]
VIEWS_WRITE = [needs(Permission.VIEWS_WRITE)]
USERS_MANAGE = [needs(Permission.USERS_MANAGE)]
AUDIT_READ = [needs(Permission.AUDIT_READ)]
ADMIN = [needs(Permission.ADMIN)]
