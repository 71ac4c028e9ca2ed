"""Which columns hold what is encrypted: each says so itself, and with which purpose, so that none is forgotten when
everything is encrypted anew.

    totp_secret: Mapped[str | None] = mapped_column(Text, info=sealed("totp"))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from app.core.database import Base

_MARK = "sealed"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of encrypted texts; of one that holds JSON, the member `within` its objects."""

    table: Table
    column: Column[Any]
    purpose: str
    within: str | None

    @property
    def name(self) -> str:
        inner = f".{self.within}" if self.within else ""
        return f"{self.table.name}.{self.column.name}{inner}"


def sealed(purpose: str, within: str | None = None) -> dict[str, Any]:
    """For a column's `info`."""
    return {_MARK: (purpose, within)}


def columns() -> Iterator[Sealed]:
    """Of all tables that are loaded: a composition root has loaded every one."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if _MARK in column.info:
                yield Sealed(table, column, *column.info[_MARK])
