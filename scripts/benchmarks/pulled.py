"""One pull of a service in a process of its own: `python -m scripts.benchmarks.pulled '{"url": …, "services": …}'`.

The service is the stand-in at the address `services`, in another process. Everything between is as in production: the
guard with its rate, the gateway, the claim, the pages. Prints JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy.engine import URL

from app.composition import syncing_from
from app.core import log
from app.core.clock import utc_now
from app.core.database import Database
from app.domains.connections import pulls, service
from app.domains.connections.models import Integration
from app.settings import Settings
from app.workflows.importing import Importing
from app.workflows.sync.dispatching import Dispatcher
from scripts.benchmarks.databases import text_of
from scripts.benchmarks.machine import own_peak_mb, pin
from scripts.benchmarks.once import PAGE_SIZE, policy
from scripts.benchmarks.serving import ROOT

KEY = "test-key"
SINCE = "2025-01-01"
"""Before all mail of scripts.benchmarks.mailbox."""


def pulled(url: URL, services: str, account: str) -> dict[str, Any]:
    """The first pull of a mailbox, on one processor: read, new, state, seconds, cpu, peak_mb."""
    given = {"url": text_of(url), "services": services, "account": account}
    command = [sys.executable, "-m", "scripts.benchmarks.pulled", json.dumps(given)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def settings_for(url: str, services: str, **more: Any) -> Settings:
    """The program's defaults, with the stand-in as its gateway."""
    given: dict[str, Any] = {
        "database_url": SecretStr(url),
        "composio_api_key": SecretStr(KEY),
        "composio_base_url": services,
        "log_level": "ERROR",
    }
    return Settings(_env_file=None, **given, **more)


async def configure(
    database: Database, kind: str, account: str, *, name: str = "", settings: Mapping[str, Any], due: datetime
) -> Integration:
    """An integration of the stand-in's account, due then."""
    async with database.writing() as session:
        made = await service.create(
            session,
            kind=kind,
            name=name or account,
            now=utc_now(),
            settings=settings,
            gateway={"connected_account_id": account},
        )
        made.next_sync_at = due
    return made


async def _pull(given: Mapping[str, Any]) -> dict[str, Any]:
    settings = settings_for(given["url"], given["services"])
    work = Importing(Database(given["url"]), policy(), utc_now, page_size=PAGE_SIZE)
    syncing = syncing_from(settings, work)
    try:
        made = await configure(work.database, "gmail", given["account"], settings={"since": SINCE}, due=utc_now())
        async with work.database.writing() as session:
            run = await pulls.request(session, made.id, now=utc_now())
        begun, used = time.perf_counter(), time.process_time()
        done = await Dispatcher(syncing).pull_now(run.id)
        took, used = time.perf_counter() - begun, time.process_time() - used
    finally:
        await syncing.end()
        await work.database.close()
    if done is None:
        raise RuntimeError("the pull was claimed by somebody else")
    told = {"read": done.read, "new": done.new, "state": done.state, "seconds": took, "cpu": used}
    return told | {"peak_mb": own_peak_mb()}


def main() -> None:
    pin()
    log.configure("ERROR", "console")  # what is printed is JSON
    sys.stdout.write(json.dumps(asyncio.run(_pull(json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
