"""docs/why.md is held true: its answers are what the API says of its three tasks."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.client import Api, ok
from tests.conftest import START

PAGE = Path(__file__).parents[2] / "docs" / "why.md"
BLOCK = re.compile(r"`GET /api/v1(/[^`]+)`[^`]*```json (\S+)\n(.*?)```", re.DOTALL)
"""What is asked, the name of the answer, and the answer."""
SHOWN = {name: (path, json.loads(answer)) for path, name, answer in BLOCK.findall(PAGE.read_text("utf-8"))}


async def answered(api: Api, path: str) -> Any:
    """What the API says of the three tasks."""
    await api.create("Broken pump", due_at=(START + timedelta(hours=30)).isoformat())
    await api.create("Signed offer", priority="high")
    await api.create("Tidy the list")
    return ok(await api.http.get(f"/api/v1{path}"))  # as it stands: a query given apart would replace its own


@pytest.mark.parametrize("name", ["contributions", "versus", "what-if", "forecast", "facts"])
async def test_every_answer_on_the_page_is_what_the_api_says(sqlite_api: Api, name: str) -> None:
    path, shown = SHOWN[name]

    found = await answered(sqlite_api, path)

    assert shown == (found["contributions"] if name == "contributions" else found)


def test_every_answer_on_the_page_is_asked_for() -> None:
    assert sorted(SHOWN) == sorted(re.findall(r"```json (\S+)", PAGE.read_text("utf-8")))


WHY = ("versus", "what-if", "forecast", "score", "facts")


def schemas_of(document: Any, found: dict[str, Any], part: Any) -> dict[str, Any]:
    """All schemas that a part of the description refers to, by name."""
    for name in re.findall(r"#/components/schemas/([^']+)'", str(part)):
        if name not in found:
            found[name] = document["components"]["schemas"][name]
            schemas_of(document, found, found[name])
    return found


@pytest.mark.parametrize("last", WHY)
def test_every_field_of_an_answer_and_every_parameter_is_described(sqlite_api: Api, last: str) -> None:
    document = sqlite_api.app.openapi()
    paths = [path for path in document["paths"] if re.search(rf"/tasks/{{task_id}}.*/{last}(/{{other}})?$", path)]
    (operation,) = [document["paths"][path]["get"] for path in paths]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]

    schemas = schemas_of(document, {}, answer)

    assert [each["name"] for each in operation["parameters"] if not each.get("description")] == []
    assert [name for name in schemas if "__" in name] == [], "two classes of one name"
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    fields = {f"{of}.{name}": field for of, schema in schemas.items() for name, field in schema["properties"].items()}
    assert [name for name, field in fields.items() if not field.get("description")] == []
    assert document["components"]["schemas"][answer["$ref"].rpartition("/")[2]]["examples"]
