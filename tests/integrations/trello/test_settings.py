"""Settings: what people paste is understood or refused in words that help."""

import pytest
from pydantic import ValidationError

from app.integrations.trello.settings import TrelloSettings


@pytest.mark.parametrize(
    ("pasted", "board"),
    [
        ("https://trello.com/b/AbCdEf12/team-roofs", "AbCdEf12"),
        ("trello.com/b/AbCdEf12?menu=filter", "AbCdEf12"),
        (" <https://www.trello.com/b/AbCdEf12> ", "AbCdEf12"),
        ("AbCdEf12", "AbCdEf12"),
        ("5F0000000000000000000001", "5f0000000000000000000001"),
    ],
)
def test_a_board_is_found_in_whatever_is_pasted(pasted: str, board: str) -> None:
    assert TrelloSettings(boards=[pasted, pasted]).boards == [board]


@pytest.mark.parametrize(
    "pasted", ["", "Roofs", "https://trello.com/c/AbCdEf12", "https://example.com/b/AbCdEf12", "1e"]
)
def test_what_names_no_board_is_refused_with_what_to_do(pasted: str) -> None:
    with pytest.raises(ValidationError, match="copy the address"):
        TrelloSettings(boards=[pasted])


def test_names_of_lists_count_once() -> None:
    assert TrelloSettings(done_lists=["Done ", "done", " In  production", ""]).done_lists == ["done", "In production"]


def test_every_setting_is_described() -> None:
    assert all(each.get("description") for each in TrelloSettings.model_json_schema()["properties"].values())
