"""Ids in Notion's addresses, in every shape that people paste."""

import csv
import os
import re
from pathlib import Path

import pytest

from app.integrations.contract import Linked
from app.integrations.exports import links
from app.integrations.exports.links import declare, ids_in, links_in, notion_id

ROOT = Path(__file__).parents[3]
URLS = Path(os.environ.get("WATCHFLOOR_DATA") or ROOT.parent / "shared" / "data") / "notion_urls" / "notion_urls.csv"
PAGE = "0123456789abcdef0123456789abcdef"
UUID = "01234567-89ab-cdef-0123-456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"


@pytest.mark.real_data
@pytest.mark.skipif(not URLS.is_file(), reason="the real data sets are not here (WATCHFLOOR_DATA)")
def test_every_address_found_in_the_wild_gives_its_page_and_traps_give_none() -> None:
    with URLS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) >= 50
    assert [row["url"] for row in rows if notion_id(row["url"]) != (row["id_in_path"] or None)] == []


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.notion.so/acme/Fix-the-roof-{PAGE}",
        f"https://www.notion.so/{PAGE}?pvs=4",
        f"https://www.notion.so/acme/{UUID}",
        f"https://WWW.NOTION.SO/acme/Fix-{PAGE.upper()}",
        f"http://notion.so/{PAGE}/",
        f"https://acme.notion.site/Fix-{PAGE}",
        f"https://app.notion.com/p/Fix-2026-01-02-{PAGE}",
        f"notion://www.notion.so/acme/Fix-{PAGE}",
        f"www.notion.so/acme/Fix-{PAGE}",
        f"https://www.notion.so/acme/{OTHER}?v={OTHER}&p={PAGE}&pm=s",
        f"https://www.notion.so/Tasks-{OTHER}?p={PAGE}&pm=c",
        f"https://www.notion.so/acme?p={PAGE}",
        f"https://www.notion.so/acme/{PAGE}?v={OTHER}",
        f"https://www.notion.so/acme/Fix-{PAGE}#{OTHER}",
        f"https://www.notion.so/acme/Caf%C3%A9-{PAGE}",
        f"<https://www.notion.so/{PAGE}>.",
        f"https://www.notion.so/{PAGE}),",
        PAGE,
        UUID.upper(),
        f" {PAGE}\n",
    ],
)
def test_the_page_of_an_address_is_found(address: str) -> None:
    assert notion_id(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.notion.so/",
        "https://www.notion.so/help/reminders",
        f"https://www.notion.so/Page#{PAGE}",
        f"https://notion.so/share?id={PAGE}",
        f"https://www.notion.so/Page?v={PAGE}",
        f"https://www.notion.so/{PAGE}0",
        f"https://notion.so.evil.example/{PAGE}",
        f"https://notnotion.so/{PAGE}",
        f"https://example.org/notion.so/{PAGE}",
        f"javascript:{PAGE}",
        "https://[notion.so/x",
        "https://www.notion.so/Page?p=tooshort",
    ],
)
def test_an_address_without_a_page_gives_none(address: str) -> None:
    assert notion_id(address) is None


def test_the_links_of_a_text_are_keys_in_their_order_and_each_once() -> None:
    text = (
        f"See https://acme.slack.com/archives/C012AB3CD/p1709546400123456?thread_ts=1709546000.1 and "
        f"https://www.notion.so/acme/Fix-{PAGE}, then (https://www.notion.so/{UUID}) and https://example.org/{OTHER}."
    )

    assert links_in(text) == ("slack:C012AB3CD/1709546400.123456", f"notion:{PAGE}")


def test_what_a_kind_declares_is_found_among_the_others_and_declaring_twice_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "_declared", [])
    cards = Linked(re.compile(r"https://cards\.example/(\w+)"), lambda found: f"cards:{found[1]}")
    declare([cards])
    declare([cards])

    found = links_in(f"https://cards.example/Ab1 and https://www.notion.so/{PAGE}, https://cards.example/Cd2")

    assert found == ("cards:Ab1", f"notion:{PAGE}", "cards:Cd2")


def test_a_relation_in_an_export_names_its_rows_and_not_their_table() -> None:
    cell = f"Fix the roof (../Tasks%20{OTHER}/Fix%20the%20roof%20{PAGE}.md), Paint (https://www.notion.so/Paint-{OTHER}?pvs=21)"

    assert ids_in(cell) == (PAGE, OTHER)
