"""The audit trail: what was changed, by whom. Append-only, and chained by hashes; docs/audit.md tells of it.

Services note what they change (`changed`, `happened`); right before their transaction commits, it becomes an entry.
"""

from app.core.audit.chain import Head
from app.core.audit.models import AuditAnchor, AuditEntry
from app.core.audit.notes import Unsaid
from app.core.audit.noting import asked, changed, happened, only_looked

__all__ = ["AuditAnchor", "AuditEntry", "Head", "Unsaid", "asked", "changed", "happened", "only_looked"]
