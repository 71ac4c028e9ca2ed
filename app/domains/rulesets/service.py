"""Rulesets in versions: saving, finding and comparing them. Functions take a session, flush and never commit."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.clock import end_of_second
from app.core.database import one_at_a_time
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.rows import AnyRow
from app.domains.ranking import ruleset
from app.domains.ranking.calendars import Calendar
from app.domains.ranking.documents.lines import with_lines
from app.domains.ranking.documents.reachability import unreachable
from app.domains.ranking.rules import Ruleset, RulesetInvalid
from app.domains.ranking.spelling import suggestion
from app.domains.rulesets import calendars
from app.domains.rulesets.activation import activate, active, active_at, history, put_in_force, roll_back
from app.domains.rulesets.compiling import compiled as compile_text
from app.domains.rulesets.compiling import refusal, without_lines
from app.domains.rulesets.documents import document_of
from app.domains.rulesets.models import Activation, StoredCalendar, StoredRuleset
from app.domains.rulesets.naming import LATEST, SHIPPED_BY, check_name, check_words

__all__ = ["activate", "active", "active_at", "history", "roll_back"]

MOST_NAMES = 1_000


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest version, whether it is a new one, and the version before it."""

    row: StoredRuleset
    fresh: bool
    before: StoredRuleset | None


async def save(
    session: AsyncSession, name: str, text: str, *, author: str = "", note: str = "", now: datetime
) -> Saved:
    """Keep a TOML text as the next version of `name`. The text of the newest version again changes nothing.

    Raises Invalid with all problems, and Conflict where there are too many names.
    """
    check_name(name)
    author, note = check_words(author, note)
    found = await sound(session, text)
    if found.name != name:
        why = f"says {found.name!r}, and is saved as {name!r}: they must be the same"
        raise Invalid(f"The document's name {why}.", errors=[FieldError("name", why)])
    await one_at_a_time(session, "rulesets")
    newest = await _newest(session, name)
    if newest is not None and newest.text == text:
        return Saved(newest, fresh=False, before=await _version(session, name, newest.version - 1))
    names = select(func.count(StoredRuleset.name.distinct()))
    if newest is None and (await session.execute(names)).scalar_one() >= MOST_NAMES:
        raise Conflict(f"There are {MOST_NAMES} rulesets already, and no more can be kept.")
    return Saved(await _add(session, name, text, newest, author, note, now), fresh=True, before=newest)


async def _add(
    session: AsyncSession,
    name: str,
    text: str,
    newest: StoredRuleset | None,
    author: str,
    note: str,
    now: datetime,
) -> StoredRuleset:
    document = document_of(text)
    row = StoredRuleset(
        name=name,
        version=newest.version + 1 if newest else 1,
        text=text,
        digest=_digest(text),
        description=str(document.get("description", "")),
        rules=len(document["rules"]),
        author=author,
        note=note,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    before = {"version": newest.version, "digest": newest.digest, "rules": newest.rules} if newest else None
    after = {"version": row.version, "digest": row.digest, "rules": row.rules}
    audit.changed(session, f"ruleset:{name}", before, after)
    return row


async def checked(session: AsyncSession, text: str) -> Ruleset:
    """The ruleset of a text with the calendars of today. Raises RulesetInvalid with all problems.

    The largest takes a second, once: check it before a transaction that others wait for.
    """
    return await asyncio.to_thread(_checked, text, await calendars.in_force(session))


def _checked(text: str, known: Mapping[str, Calendar]) -> Ruleset:
    """What was saved once is only read again: a rule that a later program knows to be out of reach harms nobody."""
    found = compile_text(text, known)
    if problems := list(unreachable(found.rules, found.overrides)):
        raise RulesetInvalid(with_lines(problems, text))
    return found


async def sound(session: AsyncSession, text: str, *, written: bool = True) -> Ruleset:
    """The same for who asks over HTTP or the command line. Raises Invalid with all problems, without lines of a text
    that nobody has `written`."""
    try:
        return await checked(session, text)
    except RulesetInvalid as error:
        raise refusal(error if written else without_lines(error)) from error


async def compiled(session: AsyncSession, row: StoredRuleset, at: datetime | None = None) -> Ruleset:
    """What a stored version ranks by, with the calendars of today, or those of when the second of `at` had passed.
    Raises RulesetInvalid where the program can no longer read it."""
    known: dict[str, Calendar] = await calendars.in_force(session, None if at is None else end_of_second(at))
    return await asyncio.to_thread(compile_text, row.text, known, row.version)


async def version_of(session: AsyncSession, name: str, version: int | None = None) -> StoredRuleset:
    """One version; without a number the newest. Raises NotFound."""
    found = await (_newest(session, name) if version is None else _version(session, name, version))
    if found is None:
        if version is not None and await _newest(session, name) is not None:
            raise NotFound(f"There is no version {version} of the ruleset {name!r}.")
        known = [row.name for row in await names(session, limit=MOST_NAMES)]
        raise NotFound(f"There is no ruleset {name!r}{suggestion(name, known) or '.'}")
    return found


async def usable(session: AsyncSession, name: str, version: int | None = None) -> StoredRuleset:
    """The same, of which it is sure that it can rank. Raises NotFound, and Invalid where the program can't read it."""
    row = await version_of(session, name, version)
    await sound(session, row.text)
    return row


async def compared(
    session: AsyncSession, name: str, from_: int | None = None, to: int | None = None
) -> tuple[StoredRuleset | None, StoredRuleset]:
    """Two versions to compare, the newest and the one before it by default; None where none is. Raises NotFound."""
    after = await version_of(session, name, to)
    if from_ is None:
        return await _version(session, name, after.version - 1), after
    return await version_of(session, name, from_), after


async def versions(
    session: AsyncSession, name: str, *, before: int = LATEST, limit: int = 50
) -> Sequence[StoredRuleset]:
    """Versions below `before`, the newest first; none of an unknown name."""
    query = (
        select(StoredRuleset)
        .where(StoredRuleset.name == name, StoredRuleset.version < before)
        .order_by(StoredRuleset.version.desc())
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def names(session: AsyncSession, *, after: str = "", limit: int = 50) -> Sequence[AnyRow]:
    """Rows (name, version, versions, description, rules, created_at) of the newest versions, by name, without texts."""
    counted = (
        select(StoredRuleset.name, func.max(StoredRuleset.version).label("newest"), func.count().label("versions"))
        .where(StoredRuleset.name > after)
        .group_by(StoredRuleset.name)
        .order_by(StoredRuleset.name)
        .limit(limit)
        .subquery()
    )
    query = (
        select(
            StoredRuleset.name,
            StoredRuleset.version,
            counted.c.versions,
            StoredRuleset.description,
            StoredRuleset.rules,
            StoredRuleset.created_at,
        )
        .join(counted, (counted.c.name == StoredRuleset.name) & (counted.c.newest == StoredRuleset.version))
        .order_by(StoredRuleset.name)
    )
    return (await session.execute(query)).all()


async def revision(session: AsyncSession) -> tuple[int | None, int | None]:
    """Another one whenever the active ruleset or a calendar may be."""
    newest = (select(func.max(of.id)).scalar_subquery() for of in (Activation, StoredCalendar))
    activation, calendar = (await session.execute(select(*newest))).one()
    return activation, calendar


async def is_seeded(session: AsyncSession) -> bool:
    """Whether all that is shipped is stored. Two cheap queries."""
    activation, _ = await revision(session)
    return activation is not None and not await _unseeded(session)


async def seed(session: AsyncSession, *, now: datetime) -> list[StoredRuleset]:
    """Store what is shipped and new, and let it take the place of its own earlier version. Returns what was stored.

    Where nothing is active yet, the default becomes so. A version that a person saved is never replaced.
    """
    await one_at_a_time(session, "rulesets")
    present = await active(session)
    stored = []
    for name in await _unseeded(session):
        text, newest = ruleset.shipped_text(name), await _newest(session, name)
        stored.append(await _add(session, name, text, newest, SHIPPED_BY, "Comes with Watchfloor", now))
    by_name = {row.name: row for row in stored}
    if present is None:
        first = by_name.get(ruleset.SHIPPED[0]) or await version_of(session, ruleset.SHIPPED[0])
        await put_in_force(session, first, actor=SHIPPED_BY, note="Comes with Watchfloor", now=now)
    elif present.author == SHIPPED_BY and present.name in by_name:
        newer = by_name[present.name]
        await put_in_force(session, newer, actor=SHIPPED_BY, note="A newer one was shipped", now=now)
    return stored


async def _unseeded(session: AsyncSession) -> list[str]:
    """The shipped rulesets whose text is not the newest that was shipped under their name."""
    digests = shipped()
    last = (
        select(func.max(StoredRuleset.id))
        .where(StoredRuleset.name.in_(digests), StoredRuleset.author == SHIPPED_BY)
        .group_by(StoredRuleset.name)
    )
    query = select(StoredRuleset.name, StoredRuleset.digest).where(StoredRuleset.id.in_(last))
    known = {row.name: row.digest for row in await session.execute(query)}
    return [name for name, digest in digests.items() if known.get(name) != digest]


@cache
def shipped() -> dict[str, str]:
    """The digests of what is shipped, by name: the default first."""
    return {name: _digest(ruleset.shipped_text(name)) for name in ruleset.SHIPPED}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def _newest(session: AsyncSession, name: str) -> StoredRuleset | None:
    found = await versions(session, name, limit=1)
    return found[0] if found else None


async def _version(session: AsyncSession, name: str, version: int) -> StoredRuleset | None:
    query = select(StoredRuleset).where(StoredRuleset.name == name, StoredRuleset.version == version)
    return (await session.execute(query)).scalar_one_or_none()
