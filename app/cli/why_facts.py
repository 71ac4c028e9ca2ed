"""What `watchfloor why --facts` prints: all that is known of a task."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cli.times import moment_said
from app.cli.why_views import then_view

if TYPE_CHECKING:
    from rich.console import RenderableType

    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import KnownFactsOut


def facts_view(task: "TaskOut", found: "KnownFactsOut", at: datetime | None) -> "list[RenderableType]":
    """One row a fact: its type, where it comes from, and its value, with the words that say so."""
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    for title in ("fact", "type", "from"):
        table.add_column(title, no_wrap=True)
    table.add_column("value", ratio=1, overflow="fold")
    for fact in found.facts:
        source = fact.source if fact.item is None else f"{fact.source} {fact.item}"
        sure = "" if fact.confidence is None else f", {fact.confidence:.0%} sure"
        value = Text(_said(fact.type, fact.value))
        if fact.quote:
            value.append(f"\n«{fact.quote}»", style="dim italic")
        table.add_row(fact.name, Text(fact.type, style="dim"), f"{source}{sure}", value)
    head = Text(task.title, style="bold")
    foot = Text("What is not listed is not known. What each one means: docs/facts.md", style="dim")
    return [head, *then_view(task, at, found.basis), "", table, "", foot]


def _said(kind: str, value: Any) -> str:
    """Moments for people, all else as a rule would write it; of a list, its parts."""
    if kind == "clock":
        times = [f"{'stopped' if at % 2 else 'runs from'} {_moment(part)}" for at, part in enumerate(value)]
        return ", ".join(times) or "never ran"
    if kind == "timestamp":
        return _moment(value)
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else json.dumps(value)


def _moment(text: str) -> str:
    return moment_said(datetime.fromisoformat(text))
