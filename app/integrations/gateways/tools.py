"""The one table of tools that are called: Composio's slug and version of each. Kinds name tools by the key.

Composio renamed 1,509 slugs in one day (28 March 2026), and an unpinned call gets whatever is newest: hence one table,
pinned versions, and a check of both (`watchfloor config check-services`). COMPOSIO_TOOL_VERSIONS overrides a toolkit's
version without a new release of ours.

Versions: Gmail's is the one whose live answers have been seen; Slack's and Notion's are those of Composio's own
catalogue of summer 2026. None could be tried against the live service.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.core.errors import FieldError, Invalid
from app.integrations.gateways.contract import Tool

LATEST = "latest"

_PINNED = {
    "gmail": "20260702_01",
    "slack": "20260721_00",
    "notion": "20260730_00",
}
_SLUGS = (
    "GMAIL_FETCH_EMAILS",
    "GMAIL_LIST_HISTORY",
    "GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID",
    "GMAIL_FETCH_MESSAGE_BY_THREAD_ID",
    "GMAIL_GET_PROFILE",
    "GMAIL_LIST_LABELS",
    "SLACK_LIST_CONVERSATIONS",
    "SLACK_LIST_ALL_CHANNELS",
    "SLACK_FETCH_CONVERSATION_HISTORY",
    "SLACK_FETCH_MESSAGE_THREAD_FROM_A_CONVERSATION",
    "SLACK_LIST_ALL_USERS",
    "SLACK_SEARCH_MESSAGES",
    "SLACK_TEST_AUTH",
    "NOTION_FETCH_DATABASE",
    "NOTION_QUERY_DATABASE",
    "NOTION_QUERY_DATABASE_WITH_FILTER",
    "NOTION_QUERY_DATA_SOURCE",
    "NOTION_FETCH_ROW",
    "NOTION_FETCH_BLOCK_CONTENTS",
    "NOTION_GET_PAGE_MARKDOWN",
    "NOTION_SEARCH_NOTION_PAGE",
)
_NAMES = {"gmail": "Gmail", "slack": "Slack", "notion": "Notion"}


def _tool(slug: str) -> Tool:
    toolkit = slug.split("_", 1)[0].lower()
    return Tool(name=slug, slug=slug, toolkit=toolkit, version=_PINNED[toolkit])


TOOLS: Mapping[str, Tool] = {slug: _tool(slug) for slug in _SLUGS}
"""By the name that kinds use: today each is called as Composio calls it. Where Composio renames one, its line gets a
slug of its own and no kind changes."""


def pinned(overrides: Iterable[str]) -> Mapping[str, Tool]:
    """The table with other versions, given as «toolkit=version». Raises Invalid for one of no toolkit in it."""
    versions = dict(pair.split("=", 1) for pair in overrides)
    if unknown := sorted(versions.keys() - _PINNED.keys()):
        what = f"no tools of {', '.join(unknown)} are called; there are {', '.join(_PINNED)}"
        raise Invalid(f"COMPOSIO_TOOL_VERSIONS: {what}.", errors=[FieldError("COMPOSIO_TOOL_VERSIONS", what)])
    return {name: replace(tool, version=versions.get(tool.toolkit, tool.version)) for name, tool in TOOLS.items()}


def service_of(toolkit: str) -> str:
    """As people call it: «Gmail»."""
    return _NAMES.get(toolkit, toolkit.replace("_", " ").title())
