"""Settings: what people paste is understood or refused in words that help."""

import csv
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.integrations.notion.live import LIVE
from app.integrations.notion.live.settings import NotionSettings, database_id

OWN = "1ec43c107ecd8159a8f4ff16630df66c"
OTHER = "2ec43c107ecd8159a8f4ff16630df66c"


@pytest.mark.parametrize(
    "pasted",
    [
        OWN,
        "1ec43c10-7ecd-8159-a8f4-ff16630df66c",
        OWN.upper(),
        f"  https://www.notion.so/{OWN} ",
        f"https://www.notion.so/acme/Tasks-{OWN}?v={OTHER}",
        f"https://app.notion.com/p/Tasks-{OWN}?v={OTHER}&p={OTHER}&pm=s",
        f"https://acme.notion.site/{OWN}#{OTHER}",
        f"notion://www.notion.so/acme/{OWN}",
        f"www.notion.so/{OWN}",
    ],
)
def test_an_id_is_found_in_whatever_is_pasted(pasted: str) -> None:
    assert NotionSettings(databases=[pasted]).databases == [OWN]


@pytest.mark.parametrize(
    "pasted", ["", "Tasks", f"https://example.com/{OWN}", f"https://notion.so/share?id={OWN}", "1ec4"]
)
def test_what_holds_no_id_is_refused_with_what_to_do(pasted: str) -> None:
    with pytest.raises(ValidationError, match="copy its link"):
        NotionSettings(databases=[pasted])


def test_the_same_database_twice_counts_once() -> None:
    assert NotionSettings(databases=[OWN, f"https://notion.so/{OWN}"]).databases == [OWN]


@pytest.mark.real_data
def test_addresses_found_in_the_wild_give_the_id_that_stands_in_them(data_folder: Path) -> None:
    with (data_folder / "notion_urls" / "notion_urls.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    for row in rows:
        if row["id_in_path"]:
            assert database_id(row["url"]) == row["id_in_path"], row["url"]
        else:
            with pytest.raises(ValueError, match="copy its link"):
                database_id(row["url"])


def test_every_setting_is_described() -> None:
    described = LIVE.settings.model_json_schema()["properties"]

    assert all(each.get("description") for each in described.values())
    assert LIVE.calls_per_minute == 150
