"""What changed between two versions of a ruleset: line by line, and by what each change is about. Pure."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from app.domains.rulesets.documents import plain

What: TypeAlias = Literal["added", "removed", "changed"]

_ENTRIES: Mapping[str, str] = {
    "rules": "rule",
    "overrides": "override",
    "targets": "target",
    "groups": "group",
    "bands": "band",
}
"""The parts of a document that hold entries, and what one of those is called."""
_PASSED_OVER = ("version",)
"""Versions are counted where rulesets are kept: what the document says of them has no meaning."""
_SETTING = "setting"
"""What stands in none of these parts, such as the description."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """None stands for a field that is absent."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the document that came, went or is another one."""

    what: What
    section: str
    id: str
    title: str
    fields: tuple[FieldChange, ...]


def text_diff(before: str, after: str, from_name: str, to_name: str) -> str:
    """A unified diff; empty where the texts are the same."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), from_name, to_name, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What is different in meaning, in the order of the documents' parts. Comments and layout don't count.

    Rules and overrides are told apart by their ids: one under another id is another one. Where they stand counts,
    because lines are shown and overrides carried out in that order; of those that swapped places few are named.
    """
    old, new = plain(before), plain(after)
    found = _of_section(_SETTING, _settings(old), _settings(new), ordered=False)
    for key, section in _ENTRIES.items():
        ordered = isinstance(old.get(key), list) or isinstance(new.get(key), list)
        found += _of_section(section, _entries(old.get(key)), _entries(new.get(key)), ordered=ordered)
    return found


def _settings(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Everything outside the parts with entries, each as an entry of its own."""
    others = {key: value for key, value in document.items() if key not in (*_ENTRIES, *_PASSED_OVER)}
    return {key: value if isinstance(value, dict) else {"value": value} for key, value in others.items()}


def _entries(part: Any) -> dict[str, dict[str, Any]]:
    """The entries of a part by id; by their place, counted from 1, where they have none."""
    if isinstance(part, list):
        named = {}
        for number, entry in enumerate(part, 1):
            id_ = entry.get("id") if isinstance(entry, dict) else None
            name = id_ if isinstance(id_, str) and id_ not in named else str(number)
            named[name] = entry if isinstance(entry, dict) else {"value": entry}
        return named
    if isinstance(part, dict):
        return {name: entry if isinstance(entry, dict) else {"points": entry} for name, entry in part.items()}
    return {}


def _of_section(
    section: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]], *, ordered: bool
) -> list[Change]:
    moved = _moved(list(old), list(new)) if ordered else {}
    found = []
    for id_ in [*new, *(id_ for id_ in old if id_ not in new)]:
        fields = [*_fields(old.get(id_), new.get(id_)), *moved.get(id_, ())]
        what: What = "added" if id_ not in old else "removed" if id_ not in new else "changed"
        if fields or what != "changed":
            found.append(Change(what, section, id_, _title(new.get(id_) or old.get(id_) or {}, id_), tuple(fields)))
    return found


def _title(entry: Mapping[str, Any], id_: str) -> str:
    title = entry.get("title")
    return title if isinstance(title, str) and title.strip() else id_


def _fields(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[FieldChange]:
    """The fields that differ; those of a table in it as «curve.points»."""
    flat_old, flat_new = _flat(old or {}), _flat(new or {})
    for field in [*flat_new, *(field for field in flat_old if field not in flat_new)]:
        before, after = flat_old.get(field), flat_new.get(field)
        # True is 1 in Python, and another thing in a ruleset.
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield FieldChange(field, before, after)


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, dict) and value:
            found |= {f"{key}.{inner}": each for inner, each in value.items()}
        else:
            found[key] = value
    return found


def _moved(old: list[str], new: list[str]) -> dict[str, tuple[FieldChange]]:
    """Those of both that stand elsewhere among the others: their place before and after, counted from 1."""
    both_old = [id_ for id_ in old if id_ in set(new)]
    both_new = [id_ for id_ in new if id_ in set(old)]
    if both_old == both_new:
        return {}
    matched = difflib.SequenceMatcher(None, both_old, both_new, autojunk=False).get_matching_blocks()
    stayed = {id_ for block in matched for id_ in both_old[block.a : block.a + block.size]}
    return {
        id_: (FieldChange("position", old.index(id_) + 1, new.index(id_) + 1),) for id_ in both_new if id_ not in stayed
    }
