"""Every route of the API's description, with the ids and bodies that a test gives it: also those that come later."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

WORDS: Mapping[str, Sequence[Any]] = {
    "name": ["default", "standard"],
    "token": ["0" * 24],
    "user_id": [1],
    "key_id": [1],
    "view_id": [1],
    "session_id": [1],
    "provider": ["nobody"],
}
"""What stands in a path for parameters that name nothing of an integration."""
NOT_ASKED = frozenset({"stream_events"})
"""It never ends: see test_private_stream."""


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    template: str
    operation: str
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    """What is put into its path, by the parameter's name."""

    @property
    def path(self) -> str:
        return self.with_(self.values)

    def with_(self, values: Mapping[str, Any]) -> str:
        """The path with other values."""
        filled = self.template
        for name, value in values.items():
            filled = filled.replace(f"{{{name}}}", str(value))
        return filled


def calls(app: FastAPI, ids: Mapping[str, Sequence[Any]], *methods: str) -> Iterator[Call]:
    """Every route with these methods, with every id that is given for what its path names."""
    known: dict[str, Sequence[Any]] = {**WORDS, **ids}
    for path, operations in app.openapi()["paths"].items():
        for method, about in operations.items():
            operation = about["operationId"]
            if method.upper() not in methods or operation in NOT_ASKED:
                continue
            names = tuple(part.strip("{}") for part in path.split("/") if part.startswith("{"))
            missing = [name for name in names if name not in known]
            assert not missing, f"{path}: say in tests/api/private what {missing} may be"
            for values in itertools.product(*(known[name] for name in names)):
                given = dict(zip(names, values, strict=True))
                yield Call(method.upper(), path, operation, example(app, about), needed(about), given)


def needed(about: Mapping[str, Any]) -> dict[str, Any]:
    """What its query must hold."""
    given = {"from": 1, "to": 1, "a": 1, "b": 2}
    named = [each for each in about.get("parameters", ()) if each["in"] == "query" and each.get("required")]
    return {each["name"]: given.get(each["name"], 1) for each in named}


def example(app: FastAPI, about: Mapping[str, Any]) -> Any:
    """A body as the description shows it; None where there is none, or none in JSON."""
    content = about.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    if "examples" in content:
        return next(iter(content["examples"].values()))["value"]
    schema = content["schema"]
    schema = app.openapi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return (schema.get("examples") or [None])[0]
