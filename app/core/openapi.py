"""The OpenAPI document: what FastAPI makes, with problems under their own media type."""

from typing import Any

from fastapi import FastAPI

from app.core.problems import PROBLEM_JSON

_PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
_OWN_422 = {"$ref": "#/components/schemas/HTTPValidationError"}
_ANY_OTHER = {"description": "Any other error: the same document.", "content": {PROBLEM_JSON: {"schema": _PROBLEM}}}


def install(app: FastAPI) -> None:
    """Replace the app's document by one that tells the truth about its errors."""
    generate = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(generate())
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # the way FastAPI's documentation gives


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    for path in schema["paths"].values():
        for operation in path.values():
            responses = operation.setdefault("responses", {})
            for response in responses.values():
                content = response.get("content", {})
                if content.get("application/json", {}).get("schema") in (_PROBLEM, _OWN_422):
                    response["content"] = {PROBLEM_JSON: {"schema": _PROBLEM}}
            responses["default"] = _ANY_OTHER
    for unused in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(unused, None)
    return schema
