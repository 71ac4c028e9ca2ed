"""/docs says of rules, learning, integrations, keys and users what every field means, with an answer as an example."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from app.main import create_app
from app.settings import Settings
from tests.api.client import Document

TAGS = ("views", "rules", "learning", "why", "integrations", "keys", "sign-in", "users")


@pytest.fixture(scope="module")
def document() -> Document:
    found: Document = create_app(Settings(_env_file=None), jobs=False).openapi()
    return found


def operations(document: Document, tag: str) -> Iterator[Document]:
    for methods in document["paths"].values():
        yield from (operation for operation in methods.values() if tag in operation["tags"])


def schemas(document: Document, tag: str) -> dict[str, Document]:
    """All that the operations of a tag refer to, by name."""
    found: dict[str, Document] = {}
    parts: list[Any] = list(operations(document, tag))
    while parts:
        for name in re.findall(r"'#/components/schemas/([^']+)'", str(parts.pop())):
            if name not in found:
                found[name] = document["components"]["schemas"][name]
                parts.append(found[name])
    return found


def test_no_two_schemas_have_one_name(document: Document) -> None:
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_parameter_is_described(document: Document, tag: str) -> None:
    bare = [
        f"{operation['operationId']}: {parameter['name']}"
        for operation in operations(document, tag)
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]

    assert bare == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_field_is_described(document: Document, tag: str) -> None:
    found = schemas(document, tag)

    assert len(found) > 5
    forms = {name for name in found if name.startswith("Body_")}  # FastAPI's own, of an upload's fields
    assert [name for name, schema in found.items() if not schema.get("description") and name not in forms] == []
    fields = {f"{of}.{name}": field for of, each in found.items() for name, field in each.get("properties", {}).items()}
    assert [name for name, field in fields.items() if not field.get("description")] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_answer_has_an_example(document: Document, tag: str) -> None:
    found = {name: document["components"]["schemas"][name] for name in answers(document, tag)}

    assert found
    assert [name for name, schema in found.items() if not schema.get("examples")] == []


@pytest.mark.parametrize("tag", ["views", "rules", "learning", "integrations", "keys", "sign-in", "users"])
def test_every_example_could_be_an_answer(document: Document, tag: str) -> None:
    models = {model.__name__: model for model in models_of(BaseModel)}
    for name in answers(document, tag):
        shown: Any = models[name].model_config["json_schema_extra"]
        for example in shown["examples"]:  # as it was written: the description leaves out what is null
            read = models[name].model_validate(example)
            assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == example, name


def answers(document: Document, tag: str) -> set[str]:
    """The schemas of what is answered where all went well."""
    return {
        response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for operation in operations(document, tag)
        for status, response in operation["responses"].items()
        if status.startswith("2") and "content" in response
    }


def models_of(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models_of(model)
