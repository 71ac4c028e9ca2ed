"""What a file is that is no text, in words for people."""

from pathlib import Path

from app.integrations.exports.tree import glance

BINARY = "looks like a binary file"
EXCEL = "is an Excel workbook; save it as CSV"
SPREADSHEET = "is a spreadsheet; save it as CSV"

_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_OTHER = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3")


def spreadsheet(path: Path) -> str:
    """A clause where the file at `path` is a spreadsheet's own format, else "". Raises OSError."""
    with path.open("rb") as file:
        head = file.read(256)
    if head.startswith(_OFFICE) and path.suffix.lower() in (".xls", ".xlt", ".xla"):
        return EXCEL
    if not head.startswith(_ARCHIVE):
        return ""
    if b"opendocument.spreadsheet" in head:
        return SPREADSHEET
    names = glance(path, 200)
    if path.suffix.lower() == ".numbers" and any(name.endswith(".iwa") for name in names):
        return SPREADSHEET
    return EXCEL if any(name.startswith("xl/workbook.") for name in names) else ""


def binary(path: Path) -> str:
    """A clause where the file at `path` begins as no text does, else "". Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4096)
    if found := spreadsheet(path):
        return found
    if head.startswith(_ARCHIVE):
        return "is a zip archive and no table; unpack it first"
    if head.startswith(_PACKED):
        return "is a compressed file and no table; unpack it first"
    if head.startswith((_OFFICE, *_OTHER)):
        return BINARY
    control = sum(byte < 32 and byte not in (0, 9, 10, 12, 13, 26, 27) for byte in head)
    return BINARY if control * 20 > len(head) else ""
