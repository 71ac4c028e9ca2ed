"""Every toolkit that is pulled has a world, and all of them are used alike."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.integrations.registry import TOOLS
from scripts.fake_composio import worlds

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def told(toolkit: str, seed: int) -> str:
    """All that a world holds, as it would be compared."""
    made: Any = worlds.small(toolkit, clock, seed)
    held = {name: value for name, value in vars(made).items() if not name.startswith("_") and not callable(value)}
    return json.dumps(held, default=repr, sort_keys=True)


@pytest.mark.parametrize("toolkit", worlds.TOOLKITS)
def test_a_world_is_the_same_for_the_same_seed_and_another_for_another(toolkit: str) -> None:
    assert told(toolkit, 1) == told(toolkit, 1)
    assert told(toolkit, 1) != told(toolkit, 2)


@pytest.mark.parametrize("toolkit", worlds.TOOLKITS)
def test_a_world_has_the_tools_that_its_kind_calls(toolkit: str) -> None:
    called = {tool.slug for tool in TOOLS.values() if tool.toolkit == toolkit}

    assert called <= set(worlds.small(toolkit, clock).tools)


@pytest.mark.parametrize("toolkit", worlds.TOOLKITS)
def test_a_command_that_it_does_not_know_is_answered_with_those_it_does(toolkit: str) -> None:
    made: Any = worlds.small(toolkit, clock)

    with pytest.raises(ValueError, match="generate"):
        made.change({"do": "explode"})
    with pytest.raises(ValueError, match="generate"):
        made.change({"do": "generate", "colour": "red"})
    finest = list(worlds.sizes(toolkit))[-1]
    made.change({"do": "generate", finest: 3})


def test_a_toolkit_without_a_world_is_named() -> None:
    with pytest.raises(LookupError, match="toolkit «pages»"):
        worlds.world("pages")
