"""Tables over HTTP: what columns are taken to mean is shown beforehand, corrected, and remembered."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from app.core.database import Database
from app.integrations.contract import Table
from app.settings import Settings
from app.workflows.imports import router
from app.workflows.imports.corrections import tables_of
from tests.api.client import Api, Document, locations, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import SettableClock

TASKS = b"""Aufgabe,F\xc3\xa4lligkeit,Zust\xc3\xa4ndig,Stand,Gehalt
Rechnung schreiben,03/04/2026,Ana Ruiz,offen,12
Server erneuern,,Ben,erledigt,
"""


async def preview(api: Api, content: bytes, name: str = "liste.csv", **fields: str) -> httpx.Response:
    files = {"file": (name, content)}
    return await api.http.post("/api/v1/integrations/import/preview", files=files, data=fields or None)


async def imported(api: Api, content: bytes, name: str = "liste.csv", **fields: str) -> Document:
    started = ok(await api.upload(content, name, **fields))
    while await api.jobs.import_next():
        pass
    return await api.get(f"/sync/runs/{started['run']['id']}")


def meanings(shown: Document) -> dict[str, Any]:
    return {column["name"]: column["field"] for column in shown["tables"][0]["columns"]}


async def test_a_preview_says_what_each_column_means_and_stores_nothing(sqlite_api: Api) -> None:
    shown = ok(await preview(sqlite_api, TASKS))

    table = shown["tables"][0]
    assert (shown["kind"], table["name"]) == ("csv", "liste")
    assert meanings(shown) == {
        "Aufgabe": "title",
        "Fälligkeit": "due",
        "Zuständig": "assignee",
        "Stand": "status",
        "Gehalt": None,
    }
    assert table["columns"][0] == {
        "name": "Aufgabe",
        "field": "title",
        "why": "by its name",
        "examples": ["Rechnung schreiben", "Server erneuern"],
    }
    first = table["rows"][0]
    assert (first["title"], first["status"], first["status_name"]) == ("Rechnung schreiben", "open", "offen")
    assert (first["due_at"], first["assignees"]) == ("2026-03-04T23:59:00Z", ["Ana Ruiz"])
    assert first["fields"] == [{"name": "Gehalt", "value": "12"}]
    assert (await sqlite_api.get("/integrations"))["items"] == []
    assert (await sqlite_api.get("/sync/runs"))["items"] == []
    assert list(sqlite_api.app.state.upload_folder.iterdir()) == []


async def test_a_preview_shows_what_corrections_would_do(sqlite_api: Api) -> None:
    columns = json.dumps({"gehalt": None, "Zuständig": "creator"})

    shown = ok(await preview(sqlite_api, TASKS, columns=columns, day_first="true", zone="Europe/Berlin"))

    first = shown["tables"][0]["rows"][0]
    assert (meanings(shown)["Zuständig"], meanings(shown)["Gehalt"]) == ("creator", None)
    assert (first["due_at"], first["assignees"], first["fields"]) == ("2026-04-03T23:59:00+02:00", [], [])


async def test_mail_has_no_columns_to_show(sqlite_api: Api) -> None:
    mail = b"From a@x.example Mon Mar  2 08:00:00 2026\nFrom: a@x.example\nSubject: Hi\n\nText\n"

    assert ok(await preview(sqlite_api, mail, "in.mbox")) == {"kind": "mbox", "tables": []}
    assert locations(problem(await preview(sqlite_api, mail, "in.mbox", columns='{"a": "title"}'), 422)) == [
        "body.columns"
    ]


async def test_what_is_wrong_with_a_correction_names_the_nearest(sqlite_api: Api) -> None:
    wrong = [
        ({"columns": '{"Aufgabe": "titel"}'}, "body.columns", "do you mean title?"),
        ({"columns": '{"Aufgaben": "title"}'}, "body.columns", "there is no column Aufgaben (do you mean Aufgabe?)"),
        ({"columns": '["Aufgabe"]'}, "body.columns", "a JSON object"),
        ({"columns": "{"}, "body.columns", "a JSON object"),
        ({"zone": "Europe/Berlim"}, "body.zone", "do you mean Europe/Berlin?"),
    ]
    for fields, location, says in wrong:
        for answer in (await preview(sqlite_api, TASKS, **fields), await sqlite_api.upload(TASKS, "a.csv", **fields)):
            refused = problem(answer, 422)
            assert locations(refused) == [location]
            assert says in refused["errors"][0]["message"]
    assert (await sqlite_api.get("/sync/runs"))["items"] == []
    assert list(sqlite_api.app.state.upload_folder.iterdir()) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"columns": {f"c{i}": "b" for i in range(6_000)}},
        {"columns": {f"c{i}": "x" * 150 for i in range(500)}},
        {"columns": {f"{i} {'x' * 150}": "title" for i in range(500)}},
        {"columns": {"Aufgabe": {"a": ["b" * 90_000]}}},
        {"columns": {"x" * 90_000: "title"}},
        {"zone": "ab" * 45_000},
        {"kind": "ab" * 45_000},
    ],
    ids=["many columns", "long fields", "long names", "no word", "one long name", "zone", "kind"],
)
async def test_what_is_sent_without_measure_is_refused_in_few_words(sqlite_api: Api, fields: Document) -> None:
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    started = time.monotonic()

    refused = await preview(sqlite_api, TASKS, **said)

    assert problem(refused, 422)["errors"]
    assert len(refused.content) < 10_000
    assert time.monotonic() - started < 2


async def test_a_field_of_a_form_has_a_bound_that_is_named(sqlite_api: Api) -> None:
    refused = await preview(sqlite_api, TASKS, columns=json.dumps({f"c{i}": "b" for i in range(60_000)}))

    assert "at most 20 fields, each of at most 100,000 bytes" in problem(refused, 413)["detail"]


async def test_a_preview_holds_no_transaction_while_it_reads(
    postgres_database: Database,
    settings: Settings,
    clock: SettableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []
    idle = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
    url = postgres_database.url.set(drivername="postgresql+psycopg")

    def looking(*given: Any) -> tuple[Table, ...]:
        engine = create_engine(url)
        with engine.connect() as connection:
            seen.append(connection.execute(idle).scalar_one())
        engine.dispose()
        return tables_of(*given)

    monkeypatch.setattr(router, "tables_of", looking)
    async with serving(settings_on(settings, postgres_database), clock, tmp_path / "uploads") as api:
        ok(await preview(api, TASKS))

    assert seen == [0]


async def test_a_correction_updates_the_rows_and_holds_for_the_next_import(api: Api) -> None:
    first = await imported(api, TASKS)
    again = await imported(api, TASKS)
    assert (first["new"], again["unchanged"]) == (2, 2)

    corrected = await imported(api, TASKS, columns='{"Gehalt": null}', day_first="true")
    assert (corrected["updated"], corrected["unchanged"]) == (1, 1)  # the second row has neither

    settings = (await api.get("/integrations"))["items"][0]["settings"]
    assert settings == {"columns": {"Gehalt": None}, "day_first": True}
    assert (await imported(api, TASKS))["unchanged"] == 2
    assert ok(await preview(api, TASKS))["tables"][0]["rows"][0]["due_at"].startswith("2026-04-03")

    await imported(api, TASKS, columns='{"GEHALT": "priority"}', zone="UTC")
    settings = (await api.get("/integrations"))["items"][0]["settings"]
    assert settings == {"columns": {"GEHALT": "priority"}, "day_first": True, "zone": "UTC"}


async def test_two_lists_of_other_columns_don_t_forget_each_other_s_corrections(sqlite_api: Api) -> None:
    await imported(sqlite_api, TASKS, columns='{"Gehalt": "labels"}')
    await imported(sqlite_api, b"Task,Status,Who knows\nCall,open,Ana\n", columns='{"Who knows": "assignee"}')

    settings = (await sqlite_api.get("/integrations"))["items"][0]["settings"]
    assert settings["columns"] == {"Gehalt": "labels", "Who knows": "assignee"}


async def test_a_correction_can_be_taken_back(sqlite_api: Api) -> None:
    await imported(sqlite_api, TASKS, columns='{"Gehalt": "labels"}')
    await imported(sqlite_api, TASKS, columns='{"gehalt": "guess"}')

    assert (await sqlite_api.get("/integrations"))["items"][0]["settings"] == {"columns": {}}
