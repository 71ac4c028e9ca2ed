"""docs/why.md is held true: its answers are what the API says of its three tasks."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.client import Api
from tests.conftest import START

PAGE = Path(__file__).parents[2] / "docs" / "why.md"
ASKED = {
    "contributions": "/tasks/2/score",
    "versus": "/tasks/2/score/versus/1",
    "what-if": "/tasks/2/score/what-if",
    "forecast": "/tasks/1/score/forecast?hours=8",
}


async def answers(api: Api) -> dict[str, Any]:
    """By the name of the block."""
    await api.create("Broken pump", due_at=(START + timedelta(hours=30)).isoformat())
    await api.create("Signed offer", priority="high")
    await api.create("Tidy the list")
    found = {name: await api.get(path) for name, path in ASKED.items()}
    return {**found, "contributions": found["contributions"]["contributions"]}


@pytest.mark.parametrize("name", ASKED)
async def test_every_answer_on_the_page_is_what_the_api_says(sqlite_api: Api, name: str) -> None:
    blocks = dict(re.findall(r"```json (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))

    assert json.loads(blocks[name]) == (await answers(sqlite_api))[name]
