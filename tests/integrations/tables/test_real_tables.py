"""CSV as trackers really export it: every row is an item, and its columns mean what their names say."""

from collections import Counter
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.registry import recognise
from app.records import Item

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize(
    ("name", "count", "statuses", "priorities"),
    [
        (
            "priority_gitbugs_hadoop/hadoop_bugs.csv",
            2503,
            {"done": 1455, "open": 770, "declined": 278},
            {"normal": 1738, "low": 603, "urgent": 162},
        ),
        (
            "priority_gitbugs_seamonkey/SeaMonkey_bugs.csv",
            1076,
            {"open": 567, "done": 271, "declined": 238},
            {"": 961, "low": 107, "high": 5, "normal": 3},
        ),
    ],
)
def test_every_row_of_a_tracker_s_export_is_a_task(
    data_folder: Path, name: str, count: int, statuses: dict[str, int], priorities: dict[str, int]
) -> None:
    path = data_folder / name
    if not path.exists():
        pytest.skip(f"{name} is not among the data sets")

    manifest = recognise(path)
    found = [step.what for step in manifest.reader.read(path, Options())]

    works = [what.work for what in found if isinstance(what, Item) and what.work]
    assert (manifest.kind, len(found), len(works)) == ("csv", count, count)
    assert Counter(work.status for work in works) == statuses
    assert Counter(work.priority for work in works) == priorities
    assert not any(what.problems for what in found if isinstance(what, Item))
    assert len({what.external_id for what in found if isinstance(what, Item)}) == count
