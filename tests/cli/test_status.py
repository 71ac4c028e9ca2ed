"""`watchfloor status`: the level with its one reason, also as an exit code; `why` and `top` say what may be stale."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from app.composition import importing_from
from app.core.database import Database
from app.domains.connections.models import Integration
from app.integrations import registry
from app.settings import Settings
from app.workflows.sync.syncing import Syncing
from app.workflows.watch.watching import Watch
from tests.cli.conftest import Watchfloor


def watch(settings: Settings, **integration: Any) -> None:
    """A worker looks at everything, after the integration was set so; it stays in the list of those that live."""

    async def look() -> None:
        database = Database(settings.database)
        async with database.writing() as session:
            if integration:
                await session.execute(update(Integration).values(integration))
        process = Watch(Syncing(importing_from(settings, database), registry.KINDS), role="worker", settles_s=0)
        for _ in range(2):
            while await process.look():
                pass
        await database.close()

    asyncio.run(look())


def test_without_a_process_that_works_it_says_what_to_start(watchfloor: Watchfloor) -> None:
    told = watchfloor("status")

    assert told.exit_code == 1
    assert told.stdout.startswith("DEGRADED")
    assert "watchfloor worker" in told.stdout


def test_where_all_is_well_it_names_who_works(watchfloor: Watchfloor, mailbox: Path, settings: Settings) -> None:
    watchfloor("import", mailbox)
    watch(settings)

    told = watchfloor("status")
    shown = json.loads(watchfloor("status", "--json").stdout)

    assert told.exit_code == 0
    assert told.stdout.startswith("NORMAL  Everything answers.")
    assert "worker on " in told.stdout
    assert (shown["level"], [each["role"] for each in shown["jobs"]["workers"]]) == ("NORMAL", ["worker"])


def test_it_says_that_demo_data_is_on_as_the_address_does(watchfloor: Watchfloor) -> None:
    on = watchfloor("status", "--json", INTEGRATIONS_STUB_MODE="true")

    assert json.loads(on.stdout)["demo"] is True
    assert json.loads(watchfloor("status", "--json", INTEGRATIONS_STUB_MODE="false").stdout)["demo"] is False


def test_why_and_top_say_since_when_an_integration_was_not_heard(
    watchfloor: Watchfloor, mailbox: Path, settings: Settings
) -> None:
    watchfloor("import", mailbox, "--into", "Slack")
    heard_at = datetime.now(UTC) - timedelta(hours=5, minutes=1)
    error = {"category": "network", "detail": "No.", "at": heard_at.isoformat(), "cause": "refused"}
    watch(settings)
    failing = {"state": "failing", "last_error": error, "first_failed_at": heard_at, "cursor_at": heard_at}
    watch(settings, kind="slack", gateway={"user_id": "u"}, **failing)
    said = f"Slack has not been heard since {heard_at:%a %d %b %Y %H:%M} UTC (5 h ago): "

    top, why = watchfloor("top").stdout, watchfloor("why", "1").stdout

    assert f"{said}2 of these may be out of date." in top
    assert f"{said}this may be out of date." in " ".join(why.split())
    assert json.loads(watchfloor("why", "1", "--json").stdout)["stale"]["integration"] == "Slack"
