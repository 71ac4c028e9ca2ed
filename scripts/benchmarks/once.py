"""One measurement of an import in a process of its own: `python -m scripts.benchmarks.once '{"do": …}'`.

A process can be kept on one processor, and its memory and time are nobody else's. Prints JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.clock import utc_now
from app.core.database import Database
from app.domains import connections, ranking
from app.domains.tasks.policy import Policy
from app.domains.tasks.us import Us
from app.integrations.registry import KINDS
from app.workflows import importing
from app.workflows.importing import Importing
from scripts.benchmarks import mailbox
from scripts.benchmarks.machine import own_peak_mb, pin
from scripts.benchmarks.phases import in_phases

PAGE_SIZE = 250
"""As app.settings has it."""


def policy() -> Policy:
    return Policy(ruleset=ranking.default(), us=Us(addresses=(mailbox.US[1],)))


async def end_to_end(given: Mapping[str, Any]) -> dict[str, Any]:
    """What `watchfloor import` does, without the start of the program."""
    work = Importing(Database(given["url"]), policy(), utc_now, page_size=PAGE_SIZE)
    manifest, path = KINDS[given["kind"]], Path(given["path"])
    try:
        async with work.database.writing() as session:
            run = await importing.begin(session, manifest, what=path.name, into=None, now=utc_now())
        begun, used = time.perf_counter(), time.process_time()
        done = await importing.carry_out(work, run.id, manifest, path)
        took, used = time.perf_counter() - begun, time.process_time() - used
    finally:
        await work.database.close()
    told = {"read": done.read, "new": done.new, "state": done.state, "seconds": took, "cpu": used}
    return told | {"peak_mb": own_peak_mb()}


async def phases(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same work one part after the other, and how long each part took."""
    database = Database(given["url"])
    manifest, path = KINDS[given["kind"]], Path(given["path"])
    try:
        async with database.writing() as session:
            run = await importing.begin(session, manifest, what=path.name, into=None, now=utc_now())
            names = await connections.service.names(session)
        return await in_phases(database, policy(), manifest, path, run, names, page_size=PAGE_SIZE)
    finally:
        await database.close()


def main() -> None:
    given = json.loads(sys.argv[1])
    if given["pinned"]:
        pin()
    work = {"end_to_end": end_to_end, "phases": phases}[given["do"]]
    sys.stdout.write(json.dumps(asyncio.run(work(given))))


if __name__ == "__main__":
    main()
