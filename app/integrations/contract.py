"""What a kind of integration offers to the rest of the program.

A kind is one module or folder under app/integrations with a `Manifest`; app/integrations/registry.py
names it in one line. Kinds know no database and no web framework.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.records import Read


class Reader(Protocol):
    """Reads an export from a file or folder, one item at a time."""

    def recognises(self, path: Path) -> bool:
        """Whether `path` looks like this kind, judged by content. Cheap: reads a few kilobytes."""
        ...

    def read(self, path: Path) -> Iterator[Read]:
        """Every item of `path` in its own order, lazily and in bounded memory.

        One unreadable item never ends the iteration: it comes as an Item with `problems`, or as a
        Refusal where there is nothing to keep. Raises OSError where `path` itself can't be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A kind as people and programs see it."""

    kind: str
    title: str
    description: str
    reader: Reader
    file_hint: str
    """What to give it: «an .mbox file, for example from Google Takeout»."""
