"""Every real mailbox imports completely, on both databases, and a second time without any change."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domains.connections.models import SyncRun
from tests.workflows.pipeline import Pipeline, totals

pytestmark = pytest.mark.real_data


@pytest.fixture
def mailboxes(data_folder: Path) -> list[Path]:
    return sorted(data_folder.glob("mail_*"))


async def imported(pipeline: Pipeline, path: Path) -> SyncRun:
    run = await pipeline.take_file(path, into=path.name)
    assert run.state == "succeeded"
    totals(run)
    return run


async def test_real_mailboxes_import_completely_and_again_without_change(
    pipeline: Pipeline, mailboxes: list[Path], record_property: Callable[[str, object], None]
) -> None:
    for path in mailboxes:
        begun = time.perf_counter()
        first = await imported(pipeline, path)
        took = time.perf_counter() - begun
        record_property(path.name, f"{first.read} read in {took:.1f} s")

        again = await imported(pipeline, path)

        assert first.new > 0
        assert (again.new, again.updated, again.refused) == (0, 0, first.refused)
        assert again.read == first.read
        assert (again.tasks_new, again.tasks_updated) == (0, 0)
    assert all(task.title for task in await pipeline.tasks())
