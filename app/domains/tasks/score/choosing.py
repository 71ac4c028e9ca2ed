"""The ruleset that a question about a score names, instead of the active one."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFound
from app.domains.ranking.rules import Ruleset, RulesetInvalid
from app.domains.ranking.ruleset import SHIPPED, shipped
from app.domains.rulesets import service
from app.domains.rulesets.compiling import refusal

NAMED = r"^[a-z0-9][a-z0-9-]{0,63}(@[0-9]{1,9})?$"
_PARTS = re.compile(r"([a-z0-9-]+)(?:@([0-9]+))?")


async def ruleset_named(session: AsyncSession, word: str) -> Ruleset:
    """The ruleset of a word of the form NAMED. A name alone means its active version, or else the newest. One that is
    shipped counts also where none is stored yet.

    Raises NotFound, and Invalid for one that the program can no longer read.
    """
    found = _PARTS.fullmatch(word)
    if found is None:
        raise NotFound(f"There is no ruleset {word!r}.")
    name, version = found[1], int(found[2]) if found[2] else None
    active = await service.active(session)
    try:
        if version is None and active is not None and active.name == name:
            return await service.compiled(session, active)
        return await service.compiled(session, await service.version_of(session, name, version))
    except RulesetInvalid as error:
        raise refusal(error) from error
    except NotFound:
        if name not in SHIPPED or version not in (None, shipped(name).version):
            raise
        return shipped(name)
