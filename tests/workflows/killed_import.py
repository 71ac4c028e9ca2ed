"""A program that dies in the middle of an import: `python -m tests.workflows.killed_import URL RUN PATH PAGES`.

It carries out a run and, after PAGES pages were stored, ends itself in the one way that leaves no time to tidy up.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from app.core.database import Database
from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.workflows import importing
from app.workflows.importing import Importing
from tests.conftest import SettableClock
from tests.workflows.mailbox import US
from tests.workflows.pipeline import policy


async def main(url: str, run_id: int, path: Path, pages: int) -> None:
    stored = 0

    def after_page(_run: SyncRun) -> None:
        nonlocal stored
        stored += 1
        if stored == pages:
            os.kill(os.getpid(), signal.SIGKILL)

    work = Importing(Database(url), policy(US), SettableClock(), page_size=2)
    await importing.carry_out(work, run_id, registry.KINDS["mbox"], path, after_page)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
