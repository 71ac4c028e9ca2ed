"""Answers of Notion's API that others recorded: none of them is taken for a broken one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.integrations.notion.live.asking import QUERY, SCHEMA, lanes_of, rows_of
from app.integrations.notion.live.rows import checked
from app.integrations.pulling import Answer

pytestmark = pytest.mark.real_data


def calls(folder: Path, ending: str) -> Iterator[Any]:
    for path in sorted([*folder.glob("notion_api_*/*.json")]):
        document = json.loads(path.read_text(encoding="utf-8"))
        for call in document if isinstance(document, list) else []:
            if call.get("status") == 200 and ending in str(call.get("path")) and call["method"] in ("POST", "GET"):
                yield call["response"]


def test_every_recorded_query_is_read_whole(data_folder: Path) -> None:
    rows = 0
    for response in calls(data_folder, "/query"):
        found, refused = checked(rows_of(Answer(QUERY, {}, response)))
        rows += len(found)
        assert refused == []
        assert len(found) == len({row["id"] for row in response["results"] if row["object"] == "page"})

    assert rows > 20


def test_every_recorded_database_names_its_tables(data_folder: Path) -> None:
    found = [
        lanes_of(Answer(SCHEMA, {}, response), response["id"].replace("-", ""))
        for response in calls(data_folder, "/v1/databases/")
        if response.get("object") == "database"
    ]

    assert len(found) > 3
    assert all(lanes for lanes in found)
