"""`watchfloor db`: migrations, checks, backups.

What can go wrong as expected ends with one sentence and exit code 1, wrong usage with 2. Heavy libraries are imported
inside the commands, so that `watchfloor --help` stays fast.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import printing
from app.cli.printing import AsJson, print_json, say
from app.cli.running import settings
from app.cli.trouble import fail, told

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from app.core.archive import Manifest
    from app.core.database import Database
    from app.core.integrity import Finding
    from app.settings import Settings

cli = typer.Typer(name="db", help="The database: migrations, checks, backups.", no_args_is_help=True)


@cli.command()
def upgrade() -> None:
    """Bring the tables to the newest revision."""
    from app.core import migrations  # noqa: PLC0415 - everything below is heavy

    with _opened() as (given, url):
        before = _revision(url)
        changed = migrations.upgrade(url)
        if changed and before:
            _enter(given, "database_upgraded", revision_before=before, revision=migrations.head())
        say(f"{'Upgraded' if changed else 'Nothing to do: already'} at {migrations.head()}.")


@cli.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="The revision to go back to, or base for no tables at all.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask. Data in what is dropped is lost.")] = False,
) -> None:
    """Take migrations back. Data in the tables and columns that they added is lost."""
    from app.core import migrations  # noqa: PLC0415 - everything below is heavy

    with _opened() as (given, url):
        if not yes and not sys.stdin.isatty():
            say("watchfloor: this loses data; say --yes if you mean it.", err=True)
            raise typer.Exit(2)
        if not yes and not typer.confirm(f"Back to {revision}, and lose the data in what is dropped?"):
            fail("nothing was changed.")
        head = _head(given, url)
        migrations.downgrade(url, revision)
        say(f"Now at {revision}.")
        if head and not _trail_is_kept(url):
            say(f"The audit trail went with it; its last entry was {head}.")


@cli.command()
def check(as_json: AsJson = False) -> None:
    """Look for damage: file, tables, references, and what must always hold. Exit code 1 where any is found."""
    from app.core import integrity  # noqa: PLC0415 - everything below is heavy
    from app.core.database import Database  # noqa: PLC0415
    from app.domains.connections.invariants import INVARIANTS as OF_CONNECTIONS  # noqa: PLC0415
    from app.domains.people.invariants import INVARIANTS as OF_PEOPLE  # noqa: PLC0415
    from app.domains.tasks.invariants import INVARIANTS as OF_TASKS  # noqa: PLC0415

    async def run(given: "Settings") -> "tuple[str, list[Finding]]":
        database = Database(given.database, busy_timeout_s=given.database_busy_timeout_s)
        try:
            found = await integrity.check(database, (*OF_CONNECTIONS, *OF_PEOPLE, *OF_TASKS))
            return database.place, found or await _trail(database)
        finally:
            await database.close()

    with _opened(must_exist=True) as (given, _url):
        place, findings = asyncio.run(run(given))
    if as_json:
        report = {"ok": not findings, "database": place, "findings": [asdict(finding) for finding in findings]}
        print_json(report)
    else:
        _print_findings(place, findings)
    if findings:
        raise typer.Exit(1)


async def _trail(database: "Database") -> "list[Finding]":
    """Where the audit trail does not hold."""
    from app.core.audit import verifying  # noqa: PLC0415 - heavy
    from app.core.integrity import Finding  # noqa: PLC0415

    broken = (await verifying.verify(database)).broken
    advice = "Compare with an earlier backup or export: somebody changed the trail by hand. See docs/audit.md."
    return [Finding(f"The audit trail is broken: {broken.detail}", "audit_entries", 1, advice)] if broken else []


@cli.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The file to write. Default: in .data/backups.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write all data to one new file, while the program goes on working."""
    from app.core import backup as backups  # noqa: PLC0415 - everything below is heavy
    from app.core.clock import utc_now  # noqa: PLC0415

    with _opened(must_exist=True) as (_given, url):
        now = utc_now()
        target = target or _default_target(now)
        target.parent.mkdir(parents=True, exist_ok=True)
        manifest = backups.backup(url, target, now=now)
    _report("Backed up", manifest, target, as_json=as_json, said=f"to {target}")


@cli.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="A file that watchfloor db backup wrote.")],
    as_json: AsJson = False,
) -> None:
    """Load a backup into an empty database: SQLite or Postgres, whichever it was taken from."""
    from app.core import backup as backups  # noqa: PLC0415 - everything below is heavy

    with _opened() as (given, url):
        manifest = backups.restore(archive, url)
        if _trail_is_kept(url):
            _enter(given, "database_restored", archive=archive.name, taken_at=manifest.created_at)
    _report("Restored", manifest, archive, as_json=as_json, said=f"from {archive}")


def _revision(url: "URL") -> str | None:
    """At which revision a database stands; None for one without our tables, or that isn't there."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - everything below is heavy

    from app.core import migrations  # noqa: PLC0415

    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    engine = create_engine(migrations.sync_url(url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            return migrations.current(connection)
    finally:
        engine.dispose()


def _trail_is_kept(url: "URL") -> bool:
    """Whether the database's tables are those of this program, the audit trail's among them."""
    from app.core import migrations  # noqa: PLC0415 - heavy

    return _revision(url) == migrations.head()


def _enter(given: "Settings", action: str, **facts: object) -> None:
    """Say in the audit trail what was done to the whole database."""
    from app.core import acting, audit  # noqa: PLC0415 - everything below is heavy
    from app.core.database import Database  # noqa: PLC0415

    async def enter() -> None:
        database = Database(given.database, busy_timeout_s=given.database_busy_timeout_s)
        try:
            with acting.acting_as(acting.at_the_terminal()):
                async with database.writing() as session:
                    audit.happened(session, action, "database", **facts)
        finally:
            await database.close()

    asyncio.run(enter())


def _head(given: "Settings", url: "URL") -> str:
    """The trail's last entry as a witness names it; empty where there is none."""
    from app.core.audit.appending import head_of  # noqa: PLC0415 - everything below is heavy
    from app.core.database import Database  # noqa: PLC0415

    async def look() -> str:
        database = Database(given.database, busy_timeout_s=given.database_busy_timeout_s)
        try:
            async with database.reading() as session:
                head = await head_of(session)
            return f"{head.id}:{head.hash}" if head.id else ""
        finally:
            await database.close()

    return asyncio.run(look()) if _trail_is_kept(url) else ""


@contextmanager
def _opened(*, must_exist: bool = False) -> "Iterator[tuple[Settings, URL]]":
    """The settings and the database's address; what can go wrong as expected ends the command with a sentence."""
    given = settings()
    with told(given) as url:
        if must_exist and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            fail(f"there is no database at {url.database} yet. Make one with: watchfloor db upgrade")
        yield given, url


def _default_target(now: datetime) -> Path:
    from app.settings import DATA_FOLDER  # noqa: PLC0415 - the settings are loaded by now

    return DATA_FOLDER / "backups" / f"watchfloor-{now:%Y%m%dT%H%M%SZ}.zip"


def _report(verb: str, manifest: "Manifest", archive: Path, *, as_json: bool, said: str) -> None:
    tables = {part.table: part.rows for part in manifest.tables}
    if as_json:
        about = {"archive": str(archive), "revision": manifest.revision, "created_at": manifest.created_at}
        print_json({**about, "kind": manifest.kind, "rows": tables})
    else:
        say(f"{verb} {manifest.rows:,} rows of {len(tables)} tables {said} ({manifest.revision}).")


def _print_findings(place: str, findings: "list[Finding]") -> None:
    from rich.table import Table  # noqa: PLC0415

    if not findings:
        say(f"{place}: everything is in order.")
        return
    table = Table("where", "what", "count", "what to do", title=f"Found in {place}", title_justify="left")
    for finding in findings:
        table.add_row(finding.where, finding.what, f"{finding.count:,}", finding.advice)
    printing.console().print(table)
