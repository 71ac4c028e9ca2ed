"""The OpenAPI document: what FastAPI makes, with problems under their own media type."""

from typing import Any

from fastapi import FastAPI

from app.core.gate import ANYONE, DECLARED
from app.core.problems import PROBLEM_JSON

_PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
_OWN_422 = {"$ref": "#/components/schemas/HTTPValidationError"}
_ANY_OTHER = {"description": "Any other error: the same document.", "content": {PROBLEM_JSON: {"schema": _PROBLEM}}}

_REFUSED = {"401": "It is not known who asks.", "403": "Whoever asks lacks the permission that this needs."}
_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, or a token that one was exchanged for."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "watchfloor_session",
        "description": "A browser's sign-in; over https its name begins with `__Host-`. Changes need X-CSRF-Token.",
    },
}


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
            if operation.get(DECLARED, ANYONE) != ANYONE:
                operation["security"] = [{name: []} for name in _SCHEMES]
                for status, description in _REFUSED.items():
                    responses.setdefault(status, {"description": description, "content": _ANY_OTHER["content"]})
            for response in responses.values():
                content = response.get("content", {})
                if content.get("application/json", {}).get("schema") in (_PROBLEM, _OWN_422):
                    response["content"] = {PROBLEM_JSON: {"schema": _PROBLEM}}
            responses["default"] = _ANY_OTHER
    schema["components"]["securitySchemes"] = _SCHEMES
    for unused in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(unused, None)
    return schema
