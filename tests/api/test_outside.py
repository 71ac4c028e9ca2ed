"""Every field of an answer that holds words of somebody outside says so in the API's description."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.core.outside import MARK, fields_of, quoted
from app.domains.tasks.schemas import ItemOut
from tests.api.client import Api, Document, ok

CANARY = "Zanzibar"
MAIL = f"""From: Eve {CANARY}-name <eve-{CANARY.lower()}@outside.example>
To: support@example.com
Subject: Urgent: {CANARY}-subject please sign by Friday
Message-ID: <{CANARY}-1@outside.example>
Date: Mon, 02 Mar 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

This is urgent: could you sign the {CANARY}-text contract by Friday?

-- 
{CANARY}-signature
--b
Content-Type: application/pdf; name="{CANARY}-file.pdf"
Content-Disposition: attachment; filename="{CANARY}-file.pdf"

x
--b--
""".encode()


def marked(document: Document, schema: Document, value: Any, place: str, *, known: bool) -> Iterator[tuple[str, bool]]:
    """Where the canary stands in `value`, and whether the description says that this is text from outside."""
    if "$ref" in schema:
        schema = {**document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], **schema}
        del schema["$ref"]
    known = known or schema.get(MARK, False)
    if isinstance(value, str):
        if CANARY.lower() in value.lower():
            yield place, known
        return
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        fits = choice.get("type") != "null"
        if fits and isinstance(value, dict | list):
            yield from marked(document, choice, value, place, known=known)
            return
    if isinstance(value, dict):
        for name, each in value.items():
            more = schema.get("additionalProperties")
            inner = schema.get("properties", {}).get(name, more if isinstance(more, dict) else {})
            yield from marked(document, inner, each, f"{place}.{name}", known=known)
    elif isinstance(value, list):
        for each in value:
            yield from marked(document, schema.get("items", {}), each, place, known=known)


@pytest.fixture
async def mailed(sqlite_api: Api) -> Api:
    await sqlite_api.import_mail(MAIL)
    await sqlite_api.create(f"Call back about Urgent: {CANARY}-subject please sign by Friday")
    return sqlite_api


SHOWN = [
    "/tasks",
    "/tasks/{task_id}",
    "/tasks/{task_id}/items",
    "/tasks/{task_id}/score",
    "/tasks/{task_id}/facts",
    "/tasks/{task_id}/history",
    "/tasks/{task_id}/related",
    "/tasks/duplicates",
    "/items",
    "/people",
]


@pytest.mark.parametrize("path", SHOWN)
async def test_what_others_wrote_is_marked_wherever_it_is_shown(mailed: Api, path: str) -> None:
    document: Document = mailed.app.openapi()
    answer = ok(await mailed.http.get(f"/api/v1{path}".replace("{task_id}", "1")))
    described = document["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    found = list(marked(document, described, answer, "", known=False))

    assert found or path in ("/tasks/{task_id}/history", "/tasks/{task_id}/related", "/tasks/duplicates")
    assert {place for place, said in found if not said} == set()


async def test_an_item_is_quoted_for_a_model_with_all_that_others_wrote_of_it(mailed: Api) -> None:
    [shown] = (await mailed.get("/tasks/1/items"))["items"]
    item = ItemOut.model_validate(shown)

    places = {each.place for each in fields_of(item)}
    said = quoted(fields_of(item))

    assert {"subject", "text", "signature", "sender.name", "sender.address", "attachments.0.name"} <= places
    assert "support mail" not in places
    assert f"{CANARY}-text" in said
