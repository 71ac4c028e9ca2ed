"""Facts: the typed values that rules may look at, each with where it came from.

A fact that is not known is not in the mapping: unknown is never zero.
Pure: no I/O, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

FactValue: TypeAlias = bool | int | float | str | datetime | tuple[str, ...] | tuple[datetime, ...]
"""A tuple of moments is a clock: it started at the first, stopped at the second, and so on. An odd number: it runs."""
Source: TypeAlias = Literal["item", "person", "integration", "derived", "llm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value, and the evidence for it."""

    value: FactValue
    source: Source = "derived"
    quote: str | None = None
    """The words of the item that say so, verbatim."""
    item: int | None = None
    """The item's id, where one item is the evidence."""
    confidence: float | None = None
    """0 to 1; only facts that an LLM proposed carry one."""


Facts: TypeAlias = Mapping[str, Fact]
