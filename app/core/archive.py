"""The format of backups: a zip of one file of JSON lines per table, and a manifest with counts and hashes.

It knows no database, so what was written from SQLite can be read into Postgres. The manifest is written last and holds
a hash of every other file: an archive that has one, and agrees with it, is complete. Rows are streamed both ways.
Source: docs/decisions/0004-backups.md.
"""

import base64
import binascii
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from app.core.errors import Conflict, Malformed

FORMAT = 1

Row = tuple[Any, ...]

_MANIFEST = "manifest.json"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Kind(StrEnum):
    """What a column holds. `json` is the JSON text as it was stored, byte for byte; instants are in UTC."""

    BOOLEAN = "boolean"
    BYTES = "bytes"
    INSTANT = "instant"
    INTEGER = "integer"
    JSON = "json"
    REAL = "real"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """One table as it stands in an archive."""

    table: str
    columns: dict[str, Kind]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    revision: str
    created_at: str
    kind: str
    """Of database it was taken from, for people: either can be restored into either."""
    tables: tuple[Part, ...]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables)


class Writer:
    """Writes an archive under a temporary name; only `finish` puts it in its place."""

    def __init__(self, target: Path) -> None:
        """Raises Conflict where something stands at `target` already, OSError where it can't be written."""
        _refuse_existing(target)
        self._target = target
        self._partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        # It holds people's mail: for nobody else to read.
        descriptor = os.open(self._partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=1)  # 6 takes twice the time to save a tenth
        self._parts: list[Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Removes what was not finished."""
        try:
            self._zip.close()
        finally:  # on a full disk, closing fails too
            self._partial.unlink(missing_ok=True)
            self._file.close()

    def table(self, name: str, columns: dict[str, Kind], rows: Iterable[Sequence[Any]]) -> None:
        digest = hashlib.sha256()
        count = 0
        part = Part(name, columns, 0, "")
        packers = [_PACK.get(kind) for kind in columns.values()]
        with self._zip.open(part.file, "w", force_zip64=True) as file:
            for row in rows:
                values = [
                    value if pack is None or value is None else pack(value)
                    for pack, value in zip(packers, row, strict=True)
                ]
                line = f"{_encode(values)}\n".encode()
                file.write(line)
                digest.update(line)
                count += 1
        self._parts.append(Part(name, columns, count, digest.hexdigest()))

    def finish(self, *, revision: str, kind: str, now: datetime) -> Manifest:
        """Complete the archive, read it through once, and put it in its place."""
        manifest = Manifest(revision, now.astimezone(UTC).isoformat(timespec="seconds"), kind, tuple(self._parts))
        self._zip.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        with Reader(self._partial) as written:
            written.verify()
        _refuse_existing(self._target)
        self._partial.replace(self._target)
        return manifest


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise Conflict(f"{target} exists already, and a backup never overwrites anything.")


class Reader:
    """Reads an archive. Everything it finds wrong is a Malformed with a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._blamed():
            self._zip = ZipFile(path)
        try:
            self.manifest = self._read_manifest()
        except Malformed:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def _read_manifest(self) -> Manifest:
        with self._blamed():
            given = json.loads(self._zip.read(_MANIFEST))
            if given["format"] > FORMAT:
                raise Malformed(f"{self._path} was written by a newer version of Watchfloor. Update Watchfloor first.")
            return _manifest(given)

    def verify(self) -> None:
        """Read everything once, and hold it against the manifest."""
        expected = {_MANIFEST, *(part.file for part in self.manifest.tables)}
        if set(self._zip.namelist()) != expected:
            raise self._damaged("its files are not those it lists")
        for part in self.manifest.tables:
            digest = hashlib.sha256()
            count = 0
            with self._blamed(), self._zip.open(part.file) as file:
                for line in file:
                    digest.update(line)
                    count += 1
            if digest.hexdigest() != part.sha256 or count != part.rows:
                raise self._damaged(f"the rows of {part.table} are not those that were written")

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of a table, in the order in which they were written."""
        unpackers = [_UNPACK.get(kind) for kind in part.columns.values()]
        with self._blamed(), self._zip.open(part.file) as file:
            for line in file:
                yield tuple(
                    value if unpack is None or value is None else unpack(value)
                    for unpack, value in zip(unpackers, json.loads(line), strict=True)
                )

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        """What goes wrong in reading is the archive's fault."""
        try:
            yield
        except OSError as error:
            raise Malformed(f"{self._path} can't be read: {error.strerror or 'the file is damaged'}.") from error
        except BadZipFile as error:
            raise Malformed(f"{self._path} is not a backup, or was cut off.") from error
        except (EOFError, KeyError, RuntimeError, TypeError, ValueError, zlib.error) as error:
            # RuntimeError is what zipfile raises where a header says «encrypted»: one wrong bit is enough.
            raise self._damaged("it can't be read as one") from error

    def _damaged(self, why: str) -> Malformed:
        return Malformed(f"{self._path} is no backup of Watchfloor, or is damaged: {why}. Nothing was changed.")


def _manifest(given: dict[str, Any]) -> Manifest:
    """Raises KeyError, TypeError or ValueError for what is none."""
    tables = tuple(
        Part(
            table=str(part["table"]),
            columns={str(name): Kind(kind) for name, kind in part["columns"].items()},
            rows=int(part["rows"]),
            sha256=str(part["sha256"]),
        )
        for part in given["tables"]
    )
    return Manifest(str(given["revision"]), str(given["created_at"]), str(given["kind"]), tables, int(given["format"]))


def _pack_instant(value: datetime) -> str:
    """Naive ones come from SQLite, which stores UTC."""
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _pack_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unpack_bytes(value: str) -> bytes:
    return binascii.a2b_base64(value, strict_mode=True)


_PACK: dict[Kind, Any] = {Kind.INSTANT: _pack_instant, Kind.BYTES: _pack_bytes}
_UNPACK: dict[Kind, Any] = {Kind.INSTANT: datetime.fromisoformat, Kind.BYTES: _unpack_bytes}
