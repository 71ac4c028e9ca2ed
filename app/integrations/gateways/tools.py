"""The one table of tools that are called, as Composio knows them: made of what the kinds declare.

Composio renamed 1,509 slugs in one day (28 March 2026), and an unpinned call gets whatever is newest: hence pinned
versions, one table, and a check of it (`watchfloor config check-services`). COMPOSIO_TOOL_VERSIONS overrides a
toolkit's version without a new release of ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.core.errors import FieldError, Invalid
from app.integrations.contract import Manifest
from app.integrations.gateways.contract import Tool

LATEST = "latest"


def table(kinds: Iterable[Manifest]) -> Mapping[str, Tool]:
    """Every tool of these kinds, by the name that they call it."""
    found: dict[str, Tool] = {}
    for kind in kinds:
        if (live := kind.live) is None:
            continue
        writing = kind.writing.tools if kind.writing else ()
        for name in (*live.tools, *(kind.writing.calls if kind.writing else ())):
            found[name] = Tool(
                name=name,
                slug=live.renamed.get(name, name),
                toolkit=live.toolkit,
                version=live.version,
                writes=name in writing,
                service=live.service,
            )
    return found


def pinned(tools: Mapping[str, Tool], overrides: Iterable[str]) -> Mapping[str, Tool]:
    """The table with other versions, given as «toolkit=version». Raises Invalid for one of no toolkit in it."""
    versions = dict(pair.split("=", 1) for pair in overrides)
    toolkits = list(dict.fromkeys(tool.toolkit for tool in tools.values()))
    if unknown := sorted(versions.keys() - set(toolkits)):
        what = f"no tools of {', '.join(unknown)} are called; there are {', '.join(toolkits)}"
        raise Invalid(f"COMPOSIO_TOOL_VERSIONS: {what}.", errors=[FieldError("COMPOSIO_TOOL_VERSIONS", what)])
    return {name: replace(tool, version=versions.get(tool.toolkit, tool.version)) for name, tool in tools.items()}
