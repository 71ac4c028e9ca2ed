"""Tables of tasks from files: CSV of any make, and JSON.

The columns' meanings are guessed (exports/columns.py), shown, and corrected by people; one row is one item with work.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.integrations.contract import Manifest, Options, Table
from app.integrations.tables import csv_files, json_files
from app.integrations.tables.csv_files import why_not
from app.integrations.tables.reading import read_sheet, table_of
from app.integrations.tables.sheet import Sheet
from app.records import Read

__all__ = ["CSV", "JSON", "TableReader", "why_not"]


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads what `opened` makes of a file."""

    recognised: Callable[[Path], bool]
    opened: Callable[[Path], Sheet]

    def recognises(self, path: Path) -> bool:
        try:
            return path.is_file() and self.recognised(path)
        except OSError:
            return False

    def read(self, path: Path, options: Options, /) -> Iterator[Read]:
        return read_sheet(self.opened(path), options)

    def tables(self, path: Path, options: Options) -> tuple[Table, ...]:
        """What its columns are taken to mean. Raises OSError."""
        return (table_of(self.opened(path), options),)


_CSV = TableReader(csv_files.recognises, csv_files.sheet)
_JSON = TableReader(json_files.recognises, json_files.sheet)

CSV = Manifest(
    kind="csv",
    title="Table (CSV)",
    description="One task a row, as trackers and spreadsheets export it; what columns mean is guessed and correctable.",
    reader=_CSV,
    file_hint="a .csv or .tsv table of tasks, with the columns' names in its first row",
    tables=_CSV.tables,
)
JSON = Manifest(
    kind="json",
    title="Table (JSON)",
    description="A list of tasks as JSON, or one object a line; columns are guessed and correctable.",
    reader=_JSON,
    file_hint="a .json or .jsonl file with a list of tasks",
    tables=_JSON.tables,
)
