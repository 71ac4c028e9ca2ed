"""Rulesets and calendars as answers and the command line show them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.ranking import ruleset
from app.domains.ranking.catalogue import CATALOGUE, FactKind
from app.domains.ranking.rules import Ruleset, RulesetInvalid
from app.domains.rulesets import diff, service
from app.domains.rulesets.calendars import Standing
from app.domains.rulesets.documents import document_of, plain
from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.schemas import (
    ActivatedOut,
    ActivationOut,
    CalendarOut,
    ChangeOut,
    CheckedOut,
    DiffOut,
    FactOut,
    RulesetItem,
    RulesetOut,
    RulesetProblemOut,
    RulesetVersion,
    VersionOut,
)


async def items(session: AsyncSession, rows: list[AnyRow]) -> list[RulesetItem]:
    """Rows of `service.names`."""
    active = await service.active(session)
    by_name = {active.name: active.version} if active else {}
    return [
        RulesetItem(
            name=row.name,
            version=row.version,
            active=row.name in by_name,
            active_version=by_name.get(row.name),
            versions=row.versions,
            shipped=row.name in ruleset.SHIPPED,
            description=row.description,
            rules=row.rules,
            updated_at=row.created_at,
        )
        for row in rows
    ]


def version_out(row: StoredRuleset, active: StoredRuleset | None) -> VersionOut:
    return VersionOut(**_version(row, active))


def ruleset_out(row: StoredRuleset, active: StoredRuleset | None) -> RulesetOut:
    return RulesetOut(**full(row, active))


def full(row: StoredRuleset, active: StoredRuleset | None) -> dict[str, Any]:
    """The fields of RulesetOut."""
    return {**_version(row, active), "text": row.text, "document": plain(document_of(row.text))}


def _version(row: StoredRuleset, active: StoredRuleset | None) -> dict[str, Any]:
    names = ("name", "version", "author", "note", "created_at", "digest", "description", "rules")
    return {name: getattr(row, name) for name in names} | {"active": active is not None and active.id == row.id}


def sound_out(found: Ruleset) -> CheckedOut:
    return CheckedOut(valid=True, problems=[], name=found.name, rules=len(found.rules))


def unsound_out(error: RulesetInvalid, name: str | None) -> CheckedOut:
    """What is wrong. `name` is what the document calls itself, where that can be read."""
    problems = [RulesetProblemOut.model_validate(asdict(each)) for each in error.problems]
    return CheckedOut(valid=False, problems=problems, name=name, rules=None)


def name_in(text: str) -> str | None:
    """What a document that may be wrong in many ways calls itself. Raises RulesetInvalid where it can't be read."""
    name = document_of(text).get("name")
    return name if isinstance(name, str) else None


def reference(row: StoredRuleset | None) -> RulesetVersion | None:
    return RulesetVersion(name=row.name, version=row.version) if row else None


def activated_out(row: StoredRuleset, before: StoredRuleset | None, *, changed: bool) -> ActivatedOut:
    return ActivatedOut(ruleset=version_out(row, row), previous=reference(before), changed=changed)


def activation_out(row: AnyRow) -> ActivationOut:
    """A row of `service.history`."""
    return ActivationOut(
        id=row.id,
        name=row.name,
        version=row.version,
        at=row.at,
        actor=row.actor,
        note=row.note,
        rolled_back=row.returns_to is not None,
    )


def diff_out(before: StoredRuleset | None, after: StoredRuleset) -> DiffOut:
    """What changed from one version to another; without one before, everything is new."""
    text, document = (before.text, document_of(before.text)) if before else ("", {})
    from_name = f"{before.name} {before.version}" if before else "nothing"
    found = diff.changes(document, document_of(after.text))
    return DiffOut(
        name=after.name,
        from_=before.version if before else None,
        to=after.version,
        text=diff.text_diff(text, after.text, from_name, f"{after.name} {after.version}"),
        changes=[ChangeOut.model_validate(change, from_attributes=True) for change in found],
    )


def facts() -> list[FactOut]:
    """The catalogue, in its order."""
    return [_fact(kind) for kind in CATALOGUE.values()]


def _fact(kind: FactKind) -> FactOut:
    example = plain(kind.example)
    return FactOut(
        name=kind.name, type=kind.type, meaning=kind.meaning, example=example, values=list(kind.words), most=kind.most
    )


def calendar_out(standing: Standing) -> CalendarOut:
    return CalendarOut(**calendar(standing))


def calendar(standing: Standing) -> Mapping[str, Any]:
    """The fields of CalendarOut."""
    of = standing.document
    return {
        "name": standing.name,
        "version": standing.version,
        "zone": of["zone"],
        "hours": of["hours"],
        "holidays": of["holidays"],
        "author": standing.author,
        "note": standing.note,
        "created_at": standing.created_at,
    }
