"""A day of a channel with a value in it that no program wrote: it costs itself, and no other message."""

from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.slack import MANIFEST
from app.records import Item, Refusal
from tests.integrations.slack.build import ADA, GENERAL, ts

LEFT_OUT = "In one place it is nested more than 200 deep; what stands there is left out."


def said(number: int, more: str = "") -> str:
    return f'{{"type": "message", "user": "{ADA}", "text": "line {number}", "ts": "{ts(number)}"{more}}}'


@pytest.mark.parametrize(
    ("value", "lost"),
    [
        ("1" * 5_000, []),
        (
            "[" * 100_000 + "]" * 100_000,
            [LEFT_OUT],
        ),
        ("[" * 985 + "]" * 985, [LEFT_OUT]),
    ],
    ids=["a number of 5,000 digits", "nested without end", "nested almost as deep as Python goes"],
)
def test_an_absurd_value_costs_no_message(tmp_path: Path, value: str, lost: list[str]) -> None:
    (tmp_path / "general").mkdir()
    (tmp_path / "users.json").write_text(f'[{{"id": "{ADA}", "name": "ada", "profile": {{}}}}]')
    (tmp_path / "channels.json").write_text(f'[{{"id": "{GENERAL}", "name": "general", "members": []}}]')
    day = ", ".join([said(1), said(2, f', "more": {value}'), said(3)])
    (tmp_path / "general" / "2024-01-01.json").write_text(f"[{day}]")

    found = [one.what for one in MANIFEST.reader.read(tmp_path, Options())]

    assert [one.text for one in found if isinstance(one, Item)] == ["line 1", "line 2", "line 3"]
    assert [one.why for one in found if isinstance(one, Refusal)] == lost
