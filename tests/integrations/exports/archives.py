"""Archives for the tests, made by hand where the standard library refuses to make what an attacker would."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path


def zip_bytes(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def zip_file(folder: Path, files: Mapping[str, bytes | str], name: str = "export.zip") -> Path:
    path = folder / name
    path.write_bytes(zip_bytes(files))
    return path


class Forged:
    """A zip archive written field by field."""

    def __init__(self) -> None:
        self.body, self.directory, self.count = b"", b"", 0

    def add(  # noqa: PLR0913 - the fields of a record
        self,
        name: bytes,
        content: bytes = b"text",
        *,
        flags: int = 0,
        method: int = 0,
        packed: bytes | None = None,
        size: int | None = None,
        crc: int | None = None,
        at: int | None = None,
        system: int = 3,
        mode: int = 0o100644,
        extra: bytes = b"",
    ) -> "Forged":
        """One file. `at` lets the directory point to another place and writes nothing of its own."""
        data = content if packed is None else packed
        sizes = struct.pack(
            "<3L", zlib.crc32(content) if crc is None else crc, len(data), len(content) if size is None else size
        )
        common = struct.pack("<4H", flags, method, 0, 0x58C5) + sizes
        where = len(self.body) if at is None else at
        if at is None:
            self.body += b"PK\x03\x04" + struct.pack("<H", 20) + common + struct.pack("<2H", len(name), 0) + name + data
        self.directory += b"PK\x01\x02" + struct.pack("<2BH", 20, system, 20) + common
        self.directory += struct.pack("<5H2L", len(name), len(extra), 0, 0, 0, mode << 16, where) + name + extra
        self.count += 1
        return self

    def done(self) -> bytes:
        end = struct.pack("<4H2LH", 0, 0, self.count, self.count, len(self.directory), len(self.body), 0)
        return self.body + self.directory + b"PK\x05\x06" + end

    def at(self, folder: Path, name: str = "forged.zip") -> Path:
        path = folder / name
        path.write_bytes(self.done())
        return path
