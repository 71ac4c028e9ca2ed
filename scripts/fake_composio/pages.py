"""Pages that are strange but true: empty or repeated ones with tokens, other orders, deeper nesting, other names.

Nothing is lost by them: a token that is made up here carries the one that was asked for, and `restored` puts that
back before the tool is run. So whoever reads all pages reads all there is.
"""

import base64
import binascii
import random
from collections.abc import Mapping
from typing import Any

from scripts.fake_composio.faults import Fault

_EMPTY, _AGAIN = "skip_", "same_"
_WRAPPERS = ("response_data", "data", "details")
_ENTRIES = ("messages", "threads", "history", "channels", "members", "results", "items", "notes")
"""By these names answers hold what comes in pages; other lists are parts of one thing."""
_NEXT = ("nextPageToken", "next_page_token", "next_cursor")
_DEFAULTS = {"gmail": ("nextPageToken", "page_token"), "notion": ("next_cursor", "start_cursor")}
_ASKED_BY = ("page_token", "pageToken", "start_cursor", "cursor")


def restored(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The arguments with the tool's own token, and whether they come from a token that was made up here."""
    plain = dict(arguments)
    for name in _ASKED_BY:
        token = plain.get(name)
        if isinstance(token, str) and token.startswith((_EMPTY, _AGAIN)):
            own = _decoded(token[len(_EMPTY) :])
            if own:
                plain[name] = own
            else:
                del plain[name]
            return plain, True
    return plain, False


def altered(
    fault: Fault, data: Any, arguments: Mapping[str, Any], toolkit: str, chance: random.Random
) -> tuple[Any, bool]:
    """`data` as the fault makes it, and whether it could: data without entries has no pages."""
    if fault.kind == "nested":
        return {fault.key: data}, True
    if fault.kind == "renamed_key":
        return _renamed(data, fault.key, fault.to), True
    found = _entries(data)
    if found is None:
        return data, False
    level, name = found
    if fault.kind == "reordered_page":
        mixed = list(level[name])
        chance.shuffle(mixed)
        return _with(data, level, {name: mixed}), True
    prefix, kept = (_EMPTY, []) if fault.kind == "empty_page_with_token" else (_AGAIN, level[name])
    return _with(data, level, {name: kept, **_token(level, arguments, toolkit, prefix)}), True


def _entries(data: Any) -> tuple[dict[str, Any], str] | None:
    """Where the page's entries are: the object that holds them, and under which name."""
    while isinstance(data, dict):
        name = next((name for name in _ENTRIES if isinstance(data.get(name), list)), None)
        if name is not None:
            return data, name
        data = next((data[name] for name in _WRAPPERS if isinstance(data.get(name), dict)), None)
    return None


def _with(data: Any, level: dict[str, Any], changes: Mapping[str, Any]) -> Any:
    """A copy of `data` in which `level` has other values; the toolkit's own objects stay as they are."""
    if data is level:
        return {**data, **changes}
    return {name: _with(value, level, changes) if isinstance(value, dict) else value for name, value in data.items()}


def _token(level: Mapping[str, Any], arguments: Mapping[str, Any], toolkit: str, prefix: str) -> dict[str, Any]:
    """The keys that lead to the page that was asked for, by the names that the answer or its toolkit has."""
    usual, asked_by = _DEFAULTS.get(toolkit, ("", "cursor"))
    asked_by = next((each for each in _ASKED_BY if arguments.get(each)), asked_by)
    made_up = prefix + base64.urlsafe_b64encode(str(arguments.get(asked_by) or "").encode()).decode().rstrip("=")
    name = next((each for each in _NEXT if each in level), usual)
    changes: dict[str, Any] = {"has_more": True} if "has_more" in level else {}
    if not name or "response_metadata" in level:
        return {**changes, "response_metadata": {"next_cursor": made_up}}
    return {**changes, name: made_up}


def _decoded(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def _renamed(value: Any, key: str, to: str) -> Any:
    if isinstance(value, dict):
        return {to if name == key else name: _renamed(inner, key, to) for name, inner in value.items()}
    return [_renamed(each, key, to) for each in value] if isinstance(value, list) else value
