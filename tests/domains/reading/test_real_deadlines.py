"""Deadlines of real sentences, labelled by hand before anybody looked at what the reader says of them.

The sentences stay outside the repository and are found again by their hashes.
"""

from pathlib import Path

import pytest

from tests.domains.reading.real_sentences import drawn, labelled, precision_and_recall, sentences

pytestmark = pytest.mark.real_data


def test_the_reader_finds_the_deadlines_that_people_see(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(labelled(data_folder))
    if len(found) < 660:
        pytest.skip(f"only {len(found)} of the 660 labelled sentences are among the data sets")
    with capsys.disabled():
        for half in ("develop", "held"):
            precision, recall = precision_and_recall(one for one in found if one.sentence.half == half)
            print(f"\n{half}: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201 (the figures are the point)

    precision, recall = precision_and_recall(found)

    assert precision >= 0.95
    assert recall >= 0.8


def test_the_labelled_sentences_are_those_that_chance_draws(data_folder: Path) -> None:
    labels = {(one.sentence.source, one.sentence.key) for one in labelled(data_folder)}
    if len(labels) < 660:
        pytest.skip(f"only {len(labels)} of the 660 labelled sentences are among the data sets")

    assert {(sentence.source, sentence.key) for sentence in drawn(list(sentences(data_folder)))} == labels
