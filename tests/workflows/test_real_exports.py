"""Every real export of chat and pages imports completely, on both databases, and a second time without any change."""

from pathlib import Path

import pytest

from app.domains.connections import service
from tests.workflows.pipeline import Pipeline, totals

pytestmark = pytest.mark.real_data

EXPECTED = {
    # kind, (new, updated, unchanged, refused)
    "slack_foc_2018": ("slack", (3157, 0, 2540, 1)),  # two channels stand in it twice, under an old and a new name
    "slack_houston_2016": ("slack", (1382, 0, 0, 2)),
    "slack_api_ruby_vcr": ("slack", (0, 0, 0, 41)),  # answers without messages
    "slack_api_java_samples": ("slack", (0, 0, 0, 55)),  # every value blanked, the messages' times too
    "notion_export_obsidian_tests": ("notion", (278, 0, 0, 2)),
}
"""Refused are the files that tell where a set comes from, and what holds no message."""


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_real_export_imports_completely_and_again_without_change(
    pipeline: Pipeline, data_folder: Path, name: str
) -> None:
    kind, expected = EXPECTED[name]
    first = await pipeline.take_file(data_folder / name)
    before = await pipeline.dump()

    again = await pipeline.take_file(data_folder / name)

    assert (first.state, totals(first)) == ("succeeded", expected)
    assert totals(again) == (0, 0, expected[0] + expected[2], expected[3])
    assert await pipeline.dump() == before
    assert all(task.kind == kind and task.title for task in await pipeline.tasks())
    assert first.context + sum([len(await pipeline.items(task.id)) for task in await pipeline.tasks()]) == first.new


@pytest.mark.parametrize("name", ["notion_api_ramnes", "notion_api_ultimate"])
async def test_recorded_answers_of_notion_import_with_every_refusal_explained(
    pipeline: Pipeline, data_folder: Path, name: str
) -> None:
    first = await pipeline.take_file(data_folder / name)
    before = await pipeline.dump()

    again = await pipeline.take_file(data_folder / name)

    assert first.state == "succeeded"
    new, updated, unchanged, refused = totals(first)
    assert totals(again) == (0, 0, new + updated + unchanged, refused)
    assert await pipeline.dump() == before
    async with pipeline.database.reading() as session:
        told = await service.warnings(session, first.id, limit=1000)
    assert len(told) >= refused
    assert all(warning.why.endswith(".") and len(warning.why) > 20 for warning in told)
