"""The world with its private mailbox."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.database import Database
from app.settings import Settings
from tests.api.private.world import World, add_private, world
from tests.conftest import SettableClock


@pytest.fixture
async def private(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database, settings, clock, tmp_path / "uploads") as made:
        await add_private(made)
        yield made
