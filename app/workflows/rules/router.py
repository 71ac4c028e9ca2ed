"""A draft previewed, and the rules' health, over HTTP."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, problems
from app.core.errors import FieldError, Invalid
from app.core.web import Reading
from app.domains.identity.access import TASKS_READ
from app.domains.rulesets import openapi
from app.domains.rulesets.naming import LATEST, NAME
from app.domains.rulesets.router import sound_draft
from app.workflows.rules import health, previewing
from app.workflows.rules.history import Reach
from app.workflows.rules.previewing import LARGEST, LIMIT, MOST_DAYS, Side, draft_side, stored_side
from app.workflows.rules.schemas import RulesetPreviewOut, RulesHealthOut

router = gate.router(prefix="/api/v1", tags=["rules"], responses=problems.responses(422))

_AGAINST = rf"^{NAME}(@[1-9][0-9]{{0,8}})?$"
_STORED: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "description": "A ruleset that is stored: without a number the active version, or the newest.",
    "properties": {
        "name": {"type": "string", "pattern": f"^{NAME}$", "examples": ["sla"]},
        "version": {"type": ["integer", "null"], "minimum": 1, "maximum": LATEST},
    },
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be previewed: a TOML text, or a stored version."""

    text: str | None = None
    name: str = ""
    version: int | None = None
    written: bool = True
    """Somebody wrote the text; False: it was made of JSON."""

    async def side(self, session: AsyncSession) -> Side:
        """Raises Invalid with all problems, and NotFound."""
        if self.text is not None:
            return await draft_side(session, self.text, written=self.written)
        return await stored_side(session, self.name, self.version)


async def _wanted(request: Request) -> Wanted:
    """The body: as it is saved, or the name of what is stored. Raises Invalid."""
    stored = _stored(await request.body(), request.headers.get("content-type", ""))
    if stored is not None:
        return stored
    draft = await sound_draft(request)
    return Wanted(draft.text, written=draft.written)


def _stored(content: bytes, kind: str) -> Wanted | None:
    if "json" not in kind.lower():
        return None
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None  # told where drafts are read
    if not isinstance(body, dict) or "name" not in body or not set(body) <= {"name", "version"}:
        return None
    name, version = body["name"], body.get("version")
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        raise Invalid("A ruleset's name is needed.", errors=[FieldError("body.name", "is no ruleset's name")])
    if version is not None and (type(version) is not int or not 1 <= version <= LATEST):
        raise Invalid("A version is a number from 1 on.", errors=[FieldError("body.version", f"from 1 to {LATEST}")])
    return Wanted(name=name, version=version)


def _body() -> dict[str, Any]:
    """As a ruleset is saved, and a stored one by its name."""
    described: dict[str, Any] = json.loads(json.dumps(openapi.BODY))
    described["requestBody"]["content"]["application/json"]["schema"]["anyOf"].append(_STORED)
    return described


@router.post(
    "/rulesets/preview",
    operation_id="preview_ruleset",
    dependencies=TASKS_READ,
    responses=problems.responses(404),
    openapi_extra=_body(),
)
async def preview_ruleset(
    request: Request,
    wanted: Annotated[Wanted, Depends(_wanted)],
    session: Reading,
    against: Annotated[
        str | None, Query(pattern=_AGAINST, description="NAME or NAME@VERSION; default: what ranks.", examples=["sla"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="Open tasks, in rank order.")] = LIMIT,
    history_days: Annotated[int, Query(ge=0, le=MOST_DAYS, description="Also what was late in so many days.")] = 0,
) -> RulesetPreviewOut:
    """What a draft would do to the open queue, and to what was late in the last days. Nothing is saved."""
    name, _, version = (against or "").partition("@")
    draft = await wanted.side(session)
    compared = await stored_side(session, name or None, int(version) if version else None)
    now = request.app.state.clock()
    kept = timedelta(days=request.app.state.settings.history_days)
    reach = Reach(history_days, kept) if history_days else None
    return await previewing.preview(session, draft, compared, limit=limit, reach=reach, now=now)


@router.get("/rulesets/health", operation_id="get_rules_health", dependencies=TASKS_READ)
async def get_rules_health(
    request: Request,
    session: Reading,
    days: Annotated[int, Query(ge=1, le=health.MOST_DAYS, description="So far back, for rules that are silent.")] = (
        health.DAYS
    ),
) -> RulesHealthOut:
    """How each rule of the active ruleset fares over the open tasks: how often it fired and failed, what it gave, what
    it never did, and what takes away what it gives."""
    policy = await request.app.state.judge.policy(session)
    return await health.health(session, policy.ruleset, days=days, now=request.app.state.clock())
