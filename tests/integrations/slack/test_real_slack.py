"""The reader over real exports: every message is an item, and whatever else is there is explained.

The figures are what the sets hold (their SOURCE.txt counts them); the sets stay outside the repository.
"""

from collections import Counter
from pathlib import Path

import pytest

from app.integrations.slack import MANIFEST
from app.records import Item, Refusal
from tests.integrations.slack.build import read

pytestmark = pytest.mark.real_data

FOREIGN = "It is no file of a Slack export that could hold messages."


def both(path: Path) -> tuple[list[Item], list[Refusal]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not among the data sets")
    assert MANIFEST.reader.recognises(path)
    found = [step.what for step in read(path)]
    return [what for what in found if isinstance(what, Item)], [what for what in found if isinstance(what, Refusal)]


def sorts(items: list[Item]) -> dict[str, int]:
    return dict(Counter(item.automation.category if item.automation else "people" for item in items))


def test_a_community_of_threads(data_folder: Path) -> None:
    items, refused = both(data_folder / "slack_foc_2018")

    assert [(each.what, each.why) for each in refused] == [("SOURCE.txt", FOREIGN)]
    assert sorts(items) == {"people": 5246, "notification": 439, "bot": 10, "deleted": 2}
    assert sum(item.is_reply for item in items) == 3713
    assert not any(item.problems for item in items)


def test_two_folders_of_a_renamed_channel_hold_the_same_messages(data_folder: Path) -> None:
    items, _ = both(data_folder / "slack_foc_2018")

    assert (len(items), len({item.external_id for item in items}), len(set(items))) == (5697, 3157, 3157)


def test_replies_find_their_thread(data_folder: Path) -> None:
    items, _ = both(data_folder / "slack_foc_2018")
    known = {item.keys[0] for item in items}

    assert sum(item.keys[-1] not in known for item in items) == 10  # those whose parent was written before 2018-01-24


def test_a_workspace_from_before_there_were_threads(data_folder: Path) -> None:
    items, refused = both(data_folder / "slack_houston_2016")

    assert {(each.what, each.why) for each in refused} == {("LICENSE.txt", FOREIGN), ("SOURCE.txt", FOREIGN)}
    assert sorts(items) == {"people": 1031, "notification": 351}
    assert all(item.loose and item.sent_at and item.sender.name for item in items)
    assert len({item.external_id for item in items}) == 1382


def test_no_markup_is_left_in_what_people_wrote(data_folder: Path) -> None:
    for name in ("slack_foc_2018", "slack_houston_2016"):
        items, _ = both(data_folder / name)

        assert [item.text for item in items if "<@U" in item.text or "<http" in item.text or "&amp;" in item.text] == []


def test_blanked_samples_and_recorded_calls_are_explained(data_folder: Path) -> None:
    samples, refused = both(data_folder / "slack_api_java_samples")
    calls, unused = both(data_folder / "slack_api_ruby_vcr")

    assert (len(samples), len(refused), len(calls), len(unused)) == (0, 55, 0, 41)
    assert Counter(each.why.partition(" ")[0] for each in (*refused, *unused)) == {"It": 81, "Slack's": 15}
