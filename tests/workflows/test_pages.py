"""How much of an import is held at a time: a page ends at its number of items, or earlier where these are long."""

import pytest

from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.workflows import importing
from tests.workflows.mailbox import mail, write
from tests.workflows.pipeline import Pipeline


@pytest.mark.parametrize(("characters", "ends"), [(10, [24]), (199_990, [21, 24])])
async def test_a_page_holds_four_million_characters(on_sqlite: Pipeline, characters: int, ends: list[int]) -> None:
    line = "a word or two\n"
    text = line * (characters // len(line) + 1)
    path = write(on_sqlite.folder / "long.mbox", [mail(text, id=f"{n}@x", subject=f"Matter {n}") for n in range(24)])
    kind = registry.KINDS["mbox"]
    async with on_sqlite.database.writing() as session:
        run = await importing.begin(session, kind, what="long", into=None, now=on_sqlite.clock())
    stored: list[int] = []

    def note(now: SyncRun) -> None:
        stored.append(now.read)

    await importing.carry_out(on_sqlite.work, run.id, kind, path, note)

    assert stored == ends
