"""A ruleset in a file or on standard input, the one that a word stands for, and who is at the keyboard."""

import getpass
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.running import called
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.ranking import Ruleset

STDIN = "-"
_LARGEST = 4_000_000
_VERSIONED = re.compile(r"([a-z0-9][a-z0-9-]{0,63})(?:@(\d{1,9}))?")


def read(path: str) -> tuple[str, bool]:
    """The TOML text of a file, and whether it stands so in it; JSON, by its name or its first character, becomes TOML.

    Raises RulesetInvalid.
    """
    from app.domains.ranking.rules import Problem, RulesetInvalid  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets.bodies import draft_of  # noqa: PLC0415
    from app.domains.rulesets.documents import WHOLE  # noqa: PLC0415

    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        fail(f"{path} can't be read: {error.strerror}.")
    if len(content) > _LARGEST:
        raise RulesetInvalid([Problem(WHOLE, f"is larger than {_LARGEST // 1_000_000} MB")])
    is_json = path.lower().endswith(".json") or (path == STDIN and content.lstrip().startswith(b"{"))
    draft = draft_of(content, is_json=is_json)
    return draft.text, draft.written


def who(given: str | None) -> str:
    """The author: as given, else the login name, which must not look like the program itself."""
    from app.core.acting import SOMEBODY  # noqa: PLC0415 - heavy
    from app.domains.rulesets.naming import SHIPPED_BY  # noqa: PLC0415

    if given is not None:
        return given
    try:
        name = getpass.getuser().strip()
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return SOMEBODY
    return f"{name} (login)" if name.casefold() == SHIPPED_BY else name


async def ruleset_of(session: "AsyncSession", word: str) -> "Ruleset":
    """What `--ruleset` says: a file, or a stored ruleset's name, with @VERSION where not the newest is meant.

    The active version counts where the name is the active one. Ends the command, or raises NotFound or Invalid.
    """
    from app.core.errors import NotFound  # noqa: PLC0415 - everything below is heavy
    from app.domains.ranking.rules import RulesetInvalid  # noqa: PLC0415
    from app.domains.rulesets import service  # noqa: PLC0415
    from app.domains.rulesets.compiling import refusal, without_lines  # noqa: PLC0415

    written = True
    try:
        if word.endswith((".toml", ".json")) or "/" in word or word == STDIN:
            text, written = read(word)
            return await service.checked(session, text)
        found = _VERSIONED.fullmatch(word)
        if found is None:
            raise NotFound(f"There is no ruleset {word!r}. See: {called()} rules list")
        name, version = found[1], int(found[2]) if found[2] else None
        active = await service.active(session)
        if version is None and active is not None and active.name == name:
            return await service.compiled(session, active)
        return await service.compiled(session, await service.version_of(session, name, version))
    except RulesetInvalid as error:
        raise refusal(error if written else without_lines(error)) from error
