"""Rows of one table that come under one id: each gets an id of its own that doesn't lean on their order."""

import hashlib
from collections.abc import MutableMapping
from dataclasses import replace

from app.records import Item

ALIKE = (
    "Several rows have the same id, or no id and the same title, this one among them: they are told apart by assignee "
    "and text, and a row counts as new where these change."
)
_TOLD = hash(ALIKE)


def apart(item: Item, seen: MutableMapping[int, int], shared: frozenset[int] = frozenset()) -> Item:
    """`item` under an id of its own, where another row of the file bears the same id and says something else.

    Equal rows stay one. Where the id is one of the `shared`, assignee and text tell the rows apart in whatever order
    they come; what is alike even so is numbered. `seen` remembers the rows of one reading, about 300 bytes each.
    """
    if hash(item.external_id) in shared:
        told = _digest(item)
        problems = item.problems if _TOLD in seen else (*item.problems, ALIKE)
        seen[_TOLD] = 1
        item = replace(item, external_id=f"{item.external_id}#{told}", problems=problems)
    own, said = hash(item.external_id), hash((item.external_id, item.content_hash))
    if (number := seen.get(said)) is None:
        number = seen[said] = seen[own] = seen.get(own, 0) + 1
    return item if number == 1 else replace(item, external_id=f"{item.external_id}#{number}")


def _digest(item: Item) -> str:
    said = repr((item.work.assignees if item.work else (), item.text))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
