"""What `watchfloor why --facts` prints: all that is known of a task."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cli.why_views import then_view

if TYPE_CHECKING:
    from rich.console import RenderableType

    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import KnownFactsOut


def facts_view(task: "TaskOut", found: "KnownFactsOut", at: datetime | None) -> "list[RenderableType]":
    """One row a fact: its type, its value, and where that comes from."""
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    for title in ("fact", "type", "value", "from", "words"):
        table.add_column(title, overflow="fold", no_wrap=title in ("fact", "type"))
    for fact in found.facts:
        source = fact.source if fact.item is None else f"{fact.source} {fact.item}"
        sure = "" if fact.confidence is None else f", {fact.confidence:.0%} sure"
        quote = f"«{fact.quote}»" if fact.quote else ""
        table.add_row(
            fact.name,
            Text(fact.type, style="dim"),
            Text(_said(fact.value)),
            f"{source}{sure}",
            Text(quote, style="dim italic"),
        )
    head = Text(task.title, style="bold")
    foot = Text("What is not listed is not known. What each one means: docs/facts.md", style="dim")
    return [head, *then_view(task, at, found.basis), "", table, "", foot]


def _said(value: Any) -> str:
    """As a rule would write it; of a list, its parts."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or "none"
    return value if isinstance(value, str) else json.dumps(value)
