"""What tests of the audit trail share: making entries, reading them, and tampering behind the program's back."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text

from app.core import audit
from app.core.audit import AuditEntry, exporting
from app.core.database import Database


async def enter(database: Database, count: int = 1, *, first: int = 1) -> None:
    """Entries of one change each, of «thing:1», «thing:2» and so on."""
    for number in range(first, first + count):
        async with database.writing() as session:
            audit.changed(session, f"thing:{number}", {"state": "open"}, {"state": "done", "said": "grün"})


async def entries(database: Database) -> Sequence[AuditEntry]:
    async with database.reading() as session:
        return (await session.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars().all()


async def exported(database: Database) -> list[str]:
    return [line async for line in exporting.lines(database)]


def verified_by_hand(lines: Sequence[str], previous: str = "0" * 64) -> str:
    """The ten lines of docs/audit.md: the head's hash. Raises AssertionError where the chain does not hold."""
    for line in lines:
        entry = json.loads(line)
        claimed, before = entry.pop("hash"), entry.pop("previous")
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        found = hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()
        assert before == previous, f"entry {entry['id']} does not follow the one before"
        assert found == claimed, f"entry {entry['id']} was changed"
        previous = claimed
    return previous


_WITHOUT = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_entries_stay", "DROP TRIGGER IF EXISTS audit_entries_remain"),
    "postgres": (
        "DROP TRIGGER IF EXISTS audit_entries_stay ON audit_entries",
        "DROP TRIGGER IF EXISTS audit_entries_remain ON audit_entries",
    ),
}
_WITH = {
    "sqlite": (),
    "postgres": (
        "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()",
        "CREATE TRIGGER audit_entries_remain BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()",
    ),
}


async def tamper(database: Database, *statements: str, **values: Any) -> None:
    """As somebody does who may do anything in the database. The triggers stand again afterwards: it is shared."""
    kind = "sqlite" if database.is_sqlite else "postgres"
    async with database.writing() as session:
        for statement in (*_WITHOUT[kind], *statements, *_WITH[kind]):
            await session.execute(text(statement), values)
