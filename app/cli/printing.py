"""What commands print: lines, JSON and tables, in which nothing that others wrote can command the terminal.

Titles, senders and names come from outside. An escape sequence in one could clear the screen or write what isn't so,
and a character that turns a line around hides what it says. People are shown neither; JSON says them as `\\uXXXX`.
"""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_COMMANDS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control characters of ASCII and of Latin 1, but tabs and line breaks: ESC, CSI, backspace, bell, carriage return."""
_UNSEEN = "\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f"
"""What the page leaves out as well: app/dashboard/src/shared/ui/outside.ts."""
_HIDDEN = re.compile(f"[{_COMMANDS}{_UNSEEN}]")


def seen(text: str) -> str:
    """A text as people are to see it."""
    return _HIDDEN.sub("", text)


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print lines for people; `err`: on standard error."""
    typer.echo(seen(text), err=err, nl=nl)


def print_json(found: Any, *, indent: int | None = 2) -> None:
    """Print a model of the API, or several, or plain data. Read as JSON it is exactly what was found."""
    from pydantic_core import to_json  # noqa: PLC0415 - lines need none of it

    typer.echo(_HIDDEN.sub(_escaped, to_json(found, indent=indent, by_alias=True).decode()))


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def console(*, err: bool = False, highlight: bool = True) -> "Console":
    """For tables and styles. What is printed there is text, never markup."""
    from rich.console import Console, ConsoleOptions, RenderableType  # noqa: PLC0415 - heavy
    from rich.segment import Segment  # noqa: PLC0415

    class Plain(Console):
        """Cleans what is printed before it is laid out; styles and the cursor's moves are rich's own."""

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Any:
            for each in super().render(renderable, options):
                yield each if each.control else Segment(seen(each.text), each.style)

    return Plain(stderr=err, highlight=highlight, markup=False)
