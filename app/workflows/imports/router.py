"""Importing over HTTP: what a file would become, and the import itself."""

import asyncio
import errno
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from fastapi import Depends, File, Form, Request, Response, UploadFile

from app.core import acting, gate, problems
from app.core.errors import Invalid, TooLarge, Unavailable
from app.core.identifying import FORGETS
from app.core.web import Repeatable, database_of, writing
from app.domains import connections
from app.domains.connections import views
from app.domains.connections.run_schemas import RunStarted
from app.domains.connections.schemas import Name
from app.domains.identity.access import INTAKE_WRITE
from app.integrations.contract import Manifest, Table
from app.workflows import importing
from app.workflows.imports.corrections import (
    Corrections,
    check_columns,
    columns_from_json,
    corrections_from,
    options_for,
    remember,
    tables_of,
)
from app.workflows.imports.schemas import PreviewOut, preview_out
from app.workflows.manifests import of_files, recognised
from app.workflows.options import options_from

router = gate.router(tags=["integrations"], responses=problems.responses(413, 503))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person gives to be imported, and how it is to be read."""

    file: UploadFile
    kind: Manifest | None
    into: str | None
    corrections: Corrections
    private: bool = False


async def wanted(
    file: Annotated[UploadFile, File(description="An export: its format is recognised by content.")],
    kind: Annotated[str | None, Form(description="Overrides the recognised kind.")] = None,
    into: Annotated[Name | None, Form(description="The integration's name; default: the kind.")] = None,
    columns: Annotated[
        str | None,
        Form(
            description="For tables, a JSON object: what columns mean where the guess errs. «keep» keeps one without a "
            "meaning, null leaves it out, «guess» takes back what was said before.",
            examples=['{"Owner": "assignee", "Salary": null}'],
        ),
    ] = None,
    day_first: Annotated[bool | None, Form(description="Whether 3/4/2025 is the third of April.")] = None,
    zone: Annotated[
        str | None, Form(description="Time zone of times without an offset.", examples=["Europe/Berlin"])
    ] = None,
    private: Annotated[
        bool, Form(description="Of a new integration: only you see it, and what comes from it.")
    ] = False,
) -> Wanted:
    """Raises Invalid for a kind, field or zone that there isn't."""
    corrections = corrections_from(columns_from_json(columns), day_first, zone)
    return Wanted(file, of_files(kind, "body.kind") if kind else None, into, corrections, private)


Given = Annotated[Wanted, Depends(wanted)]


@router.post("/integrations/import/preview", operation_id="preview_import", dependencies=INTAKE_WRITE)
async def preview_import(request: Request, given: Given) -> PreviewOut:
    """How a file would be read: its kind and, for tables, what each column is taken to mean. Nothing is stored."""
    async with _kept(request, given) as (path, manifest):
        async with database_of(request).reading() as session:  # not held while the file is read
            whose = acting.caller().user_id if given.private else None
            options = await options_for(session, manifest, given.into, given.corrections, whose=whose)
        try:
            tables = await asyncio.to_thread(tables_of, manifest, path, options)
        except OSError as error:
            raise Invalid("The file could not be read as the kind that was named.") from error
        await asyncio.to_thread(check_columns, manifest, tables, given.corrections)
        path.unlink(missing_ok=True)
    return preview_out(manifest, _called(tables, path.stem, Path(shown_name(given.file)).stem))


@router.post("/integrations/import", operation_id="import_file", dependencies=[*INTAKE_WRITE, FORGETS], status_code=202)
async def import_file(request: Request, response: Response, given: Given, _key: Repeatable = None) -> RunStarted:
    """Import an export in the background. The answer's Location says how it goes and, at the end, what came of it.

    What is said of columns, days and zones holds for the next import into the same integration too.
    """
    state = request.app.state
    async with _kept(request, given) as (path, manifest):
        if given.corrections.columns:
            tables = await asyncio.to_thread(_tables_or_none, manifest, path, given.corrections)
            await asyncio.to_thread(check_columns, manifest, tables, given.corrections)
        async with writing(request) as session:
            run = await importing.begin(
                session,
                manifest,
                what=shown_name(given.file),
                into=given.into,
                now=state.clock(),
                path=path,
                private=given.private,
            )
            await remember(session, run.integration_id, given.corrections, now=state.clock())
            shown = await views.run_out(session, run, await connections.service.names(session))
    state.jobs.nudge()
    response.headers["Location"] = f"/api/v1/sync/runs/{run.id}"
    return RunStarted(run=shown)


def _tables_or_none(manifest: Manifest, path: Path, corrections: Corrections) -> tuple[Table, ...]:
    try:
        return tables_of(manifest, path, options_from(corrections.over({})))
    except OSError:
        return ()


def _called(tables: tuple[Table, ...], stored: str, name: str) -> tuple[Table, ...]:
    """A table called by its file bears the name that its owner knows."""
    return tuple(replace(table, name=name) if table.name == stored else table for table in tables)


@asynccontextmanager
async def _kept(request: Request, given: Wanted) -> AsyncIterator[tuple[Path, Manifest]]:
    """The upload where a run finds it, and its kind. It is taken away where anything goes wrong."""
    state = request.app.state
    path: Path = await asyncio.to_thread(_keep, given.file, state.upload_folder, state.settings.import_max_bytes)
    try:
        yield path, given.kind if given.kind else await asyncio.to_thread(recognised, path, shown_name(given.file))
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


def _keep(file: UploadFile, folder: Path, most: int) -> Path:
    """Copy an upload to where a run finds it, also after a restart. Raises TooLarge, Unavailable. Runs in a thread."""
    if file.size is not None and file.size > most:
        raise TooLarge(f"A file may hold {most} bytes; this one holds {file.size}.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = "".join(Path(file.filename or "").suffixes[-2:])[:20]
    safe = "".join(c for c in suffix if c.isalnum() or c == ".")
    path = folder / f"{secrets.token_hex(8)}{safe}"
    try:
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target, 1 << 20)
    except OSError as error:
        path.unlink(missing_ok=True)
        why = "there is no room on the disk" if error.errno == errno.ENOSPC else "writing it failed"
        raise Unavailable(f"The file can't be kept here: {why}.") from error
    return path


def shown_name(file: UploadFile) -> str:
    """The file's name as its owner knows it, as far as a database and a line of text can hold it."""
    return "".join(c for c in file.filename or "" if c.isprintable())[:200].strip() or "the file"
