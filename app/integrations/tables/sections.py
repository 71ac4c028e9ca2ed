"""Rows of a table that are no tasks: Todoist's CSV holds sections, notes and settings among them, told by TYPE."""

from dataclasses import replace

from app.integrations.exports.rows import Cells
from app.records import Automation, Item, Refusal

_KINDS = {"section": "a section", "note": "a note on the task above it", "meta": "a setting of the view"}


def as_section(what: Item | Refusal, cells: Cells) -> Item | Refusal:
    """`what` without its work, where its row says that it is no task."""
    kind = cells.get("TYPE", "").strip().lower()
    if not isinstance(what, Item) or kind not in _KINDS or "CONTENT" not in cells:
        return what
    return replace(what, work=None, automation=Automation("record", f"Its TYPE is «{kind}»: {_KINDS[kind]}, no task."))
