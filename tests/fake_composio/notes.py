"""A small toolkit: notes in pages, one tool that writes, two that fail."""

from collections.abc import Mapping
from typing import Any

from scripts.fake_composio.toolkit import Arguments, HttpFailed, ToolFailed, ToolFunction, paged


class Notes:
    toolkit = "notes"

    def __init__(self, count: int = 5) -> None:
        self.notes = [{"id": str(number)} for number in range(1, count + 1)]

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "NOTES_LIST": self._list,
            "NOTES_ADD": self._add,
            "NOTES_FAIL": self._fail,
            "NOTES_REFUSE": self._refuse,
        }

    def change(self, command: dict[str, Any]) -> Any:
        if command.get("do") != "remove":
            raise ValueError("notes can only be removed")
        self.notes = [note for note in self.notes if note["id"] != command["id"]]
        return len(self.notes)

    def _list(self, arguments: Arguments) -> Any:
        page, token = paged(self.notes, arguments.get("cursor"), int(arguments.get("limit", 1)))
        return {"notes": list(page), "response_metadata": {"next_cursor": token or ""}}

    def _add(self, arguments: Arguments) -> Any:
        self.notes.append({"id": str(arguments["id"])})
        return {"added": True}

    def _fail(self, _arguments: Arguments) -> Any:
        raise ToolFailed("401 Client Error: Unauthorized", 401)

    def _refuse(self, _arguments: Arguments) -> Any:
        raise HttpFailed(400, "Bad cursor", 1234, "Notes_BadCursor", {"x-told": "yes"})
