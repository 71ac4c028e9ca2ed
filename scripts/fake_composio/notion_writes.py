"""What the stand-in's Notion takes to be written into a row, in the two forms that Composio's tools have for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.fake_composio.notion_shapes import Json
from scripts.fake_composio.toolkit import ToolFailed

ARCHIVED = "Can't edit block that is archived. You must unarchive the block before editing."
NO_LEAVE = "Insufficient permissions for this endpoint."
WRITABLE = ("status", "select", "checkbox")


def changed(schema: Json, given: Any) -> Json:
    """New values by property. Raises ToolFailed (400) for what the table does not have, as Notion does."""
    return {name: _value(name, schema[name], said) for name, said in _named(schema, given)}


def _named(schema: Json, given: Any) -> Iterator[tuple[str, Any]]:
    """From the API's own form ({"Status": {"status": {"name": …}}}), or a list of names, types and values."""
    listed = given if isinstance(given, list) else []
    pairs = list(given.items()) if isinstance(given, Mapping) else [(each["name"], each) for each in listed]
    if not pairs:
        raise ToolFailed("body failed validation: body.properties should be defined.", 400)
    for name, said in pairs:
        if name not in schema:
            raise ToolFailed(f"{name} is not a property that exists.", 400)
        sort = schema[name]["type"]
        if isinstance(given, Mapping):
            if not isinstance(said, Mapping) or sort not in said:
                raise ToolFailed(f"{name} is expected to be {sort}.", 400)
            yield name, said[sort]
        elif said.get("type") != sort:
            raise ToolFailed(f"{name} is expected to be {sort}.", 400)
        else:
            text = str(said.get("value"))
            yield name, text == "True" if sort == "checkbox" else {"name": text}


def _value(name: str, what: Json, said: Any) -> Any:
    sort = what["type"]
    if sort not in WRITABLE:
        raise ToolFailed(f"{name} can't be written here.", 400)
    if sort == "checkbox":
        if not isinstance(said, bool):
            raise ToolFailed(f"body failed validation: body.properties.{name}.checkbox should be a boolean.", 400)
        return said
    if said is None:
        return None
    option = said.get("name") if isinstance(said, Mapping) else None
    known = [each["name"] for each in what[sort].get("options", ())]
    if sort == "status" and option not in known:
        raise ToolFailed(f'Invalid status option. Status option "{option}" does not exist.', 400)
    if option not in known:
        what[sort].setdefault("options", []).append({"name": option})  # Notion makes it
    return option
