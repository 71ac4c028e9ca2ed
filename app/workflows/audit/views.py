"""Entries and findings as they are shown."""

from app.core.audit.models import AuditEntry
from app.core.audit.verifying import Verified
from app.workflows.audit.schemas import AuditBreakOut, AuditChangeOut, AuditEntryOut, AuditHeadOut, AuditVerified


def entry_out(entry: AuditEntry) -> AuditEntryOut:
    return AuditEntryOut(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        actor_name=entry.actor_name,
        address=entry.address,
        action=entry.action,
        target=entry.target,
        changes=[AuditChangeOut.model_validate(each) for each in entry.changes],
        omitted=entry.omitted,
        correlation_id=entry.correlation_id,
        previous=entry.previous,
        hash=entry.hash,
    )


def verified_out(found: Verified) -> AuditVerified:
    broken = found.broken
    return AuditVerified(
        ok=broken is None,
        entries=found.entries,
        first_id=found.first,
        head=AuditHeadOut(id=found.head.id, hash=found.head.hash),
        broken=AuditBreakOut(id=broken.id, what=broken.what, detail=broken.detail) if broken else None,
    )
