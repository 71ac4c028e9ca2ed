"""The reader over real exports and recorded answers; the sets stay outside the repository."""

import os
from collections import Counter
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.notion import MANIFEST
from app.integrations.registry import recognise
from app.records import Item, Refusal
from tests.integrations.notion.build import export, items, read, refusals

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("WATCHFLOOR_DATA") or ROOT.parent / "shared" / "data")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data sets are not here (WATCHFLOOR_DATA)"),
]


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not among the data sets")
    assert recognise(path) is MANIFEST
    return path


def outcome(item: Item) -> str:
    if item.work:
        return "work"
    return item.automation.category if item.automation else "loose"


def counted(path: Path) -> Counter[str]:
    found = read(path)
    assert found[-1].progress.done == found[-1].progress.total
    return Counter("refused" if isinstance(step.what, Refusal) else outcome(step.what) for step in found)


def test_every_page_of_an_export_is_one_item_and_its_twins_are_none() -> None:
    path = real("notion_export_obsidian_tests")

    assert counted(path) == {"record": 270, "loose": 8, "refused": 2}
    assert {refusal.what for refusal in refusals(path)} == {"LICENSE.txt", "SOURCE.txt"}
    assert all(item.keys and item.subject and not item.problems for item in items(path))


def test_the_same_export_in_parts_of_a_zip_says_the_same(tmp_path: Path) -> None:
    path = real("notion_export_obsidian_tests")
    inside = next(inner for inner in path.iterdir() if inner.is_dir())
    files = {str(file.relative_to(path)): file.read_bytes() for file in sorted(inside.rglob("*")) if file.is_file()}
    half = len(files) // 2
    parts = (dict(list(files.items())[: half + 9]), dict(list(files.items())[half:]))

    zipped = items(export(tmp_path, *parts))

    assert {(item.external_id, item.content_hash) for item in zipped} == {
        (item.external_id, item.content_hash) for item in items(path)
    }
    assert len(zipped) == 278


def test_every_recorded_page_is_an_item_and_everything_else_explained() -> None:
    ramnes, ultimate = real("notion_api_ramnes"), real("notion_api_ultimate")

    assert counted(ramnes) == {"trash": 58, "loose": 2, "refused": 30}
    assert counted(ultimate) == {"loose": 115, "record": 64, "work": 16, "refused": 9}
    found = items(ramnes) + items(ultimate)
    assert all(item.sent_at and item.revised_at and item.keys and item.subject for item in found)
    assert [item.problems for item in found if item.problems] == []


def test_the_task_databases_say_what_is_to_be_done() -> None:
    rows = [item.work for item in items(real("notion_api_ultimate")) if item.work]

    assert {work.status for work in rows} >= {"open", "done"}
    assert sum(work.due_at is not None for work in rows) >= 10
    assert {work.priority for work in rows} >= {"high", "normal", "low"}


def test_nothing_of_another_kind_is_taken_for_notion() -> None:
    for name in ("slack_foc_2018", "slack_status_incidents", "mail_spamassassin", "priority_gitbugs_hadoop"):
        if (DATA / name).exists():
            assert not MANIFEST.reader.recognises(DATA / name), name


def test_the_preview_shows_every_table() -> None:
    assert MANIFEST.tables is not None

    names = [table.name for table in MANIFEST.tables(real("notion_api_ultimate"), Options())]

    assert {"Task DB", "Customer DB", "Schema A"} <= set(names)
