"""The API's description: complete, true, and held against what the API does with generated requests."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from pydantic import SecretStr
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from app.main import create_app
from app.settings import Settings
from tests.api.client import Api, Document, mbox, message

DESCRIBED: Document = create_app(Settings(_env_file=None), jobs=False).openapi()
NAMES = sorted(operation["operationId"] for methods in DESCRIBED["paths"].values() for operation in methods.values())

BEYOND_SCHEMAS: list[Any] = [positive_data_acceptance]
"""No schema can say that a snooze ends in the future, or that a cursor is one of ours."""


@pytest.fixture
def document(sqlite_api: Api) -> Document:
    found: Document = sqlite_api.app.openapi()
    return found


def operations(document: Document) -> list[tuple[str, Document]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_has_its_own_id_and_says_what_it_does(document: Document) -> None:
    found = operations(document)

    assert len(found) >= 30
    assert max(Counter(operation["operationId"] for _, operation in found).values()) == 1
    assert [name for name, operation in found if not (operation.get("summary") and operation.get("description"))] == []


def test_every_operation_stands_in_one_described_group(document: Document) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}

    assert [name for name, op in operations(document) if len(op["tags"]) != 1 or op["tags"][0] not in described] == []


def test_every_body_comes_with_an_example(document: Document) -> None:
    bare = []
    for name, operation in operations(document):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type == "application/json" and not has_example(document, content["schema"]):
                bare.append(name)

    assert bare == []


def has_example(document: Document, schema: Document) -> bool:
    if "$ref" in schema:
        return has_example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    properties = schema.get("properties", {}).values()
    return bool(schema.get("examples")) or any(each.get("examples") for each in properties)


def test_every_error_is_described_as_the_problem_it_is(document: Document) -> None:
    for name, operation in operations(document):
        errors = {status: response for status, response in operation["responses"].items() if status[0] not in "23"}
        assert "default" in errors, name
        for response in errors.values():
            assert list(response["content"]) == ["application/problem+json"], name
            assert response["content"]["application/problem+json"]["schema"] == {
                "$ref": "#/components/schemas/ProblemOut"
            }


def test_nothing_of_the_frameworks_own_errors_is_left(document: Document) -> None:
    assert "ValidationError" not in str(document)


@pytest.mark.parametrize("name", NAMES)
def test_generated_requests_are_answered_as_described(name: str, served: OpenApiSchema) -> None:
    operation = served.find_operation_by_id(name)

    @given(case=operation.as_strategy())
    @hypothesis.settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def hold(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(excluded_checks=BEYOND_SCHEMAS)

    hold()


@pytest.fixture
def served(settings: Settings, sqlite_template: Path, tmp_path: Path) -> OpenApiSchema:
    """The application as schemathesis sees it: a task, an integration and a run are there to be found."""
    path = tmp_path / "described.db"
    shutil.copyfile(sqlite_template, path)
    app = create_app(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{path}")}), jobs=False)
    app.openapi_schema = DESCRIBED  # every app's is the same, and takes most of a second to make
    app.state.upload_folder = tmp_path / "uploads"
    with TestClient(app) as client:
        client.post("/api/v1/tasks", json={"title": "A task", "due_at": "2026-04-01T12:00:00Z"})
        client.post("/api/v1/integrations/import", files={"file": ("a.mbox", mbox(message()))})
    return schemathesis.openapi.from_asgi("/openapi.json", app)
