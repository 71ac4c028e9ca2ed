"""`watchfloor facts`: what texts say, without a database."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from app.cli.printing import print_json, say
from app.cli.trouble import fail

_LIKE_JSON = re.compile(r'\s*\{\s*(?:"|\}\s*$)')
"""A plain text may begin with a brace too."""


def facts(
    path: Annotated[Path | None, typer.Argument(help="A file with one text a line; default: standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Read one text a line, plain or as JSON {text, subject?, sent_at?, tz?}, and tell what it says.

    Relative deadlines («by Friday») need `sent_at`.
    """
    from app.domains import reading  # noqa: PLC0415 - its tables are built at first use

    for number, line in enumerate(_lines(path), 1):
        said = line
        try:
            text = _text(line)
            said = " ".join(f"{text.subject} {text.text}".split())
        except ValueError as error:
            found: dict[str, Any] = {"n": number, "asks": 0, "severity": 0, "facts": [], "error": str(error)}
        else:
            found = {"n": number, **reading.to_json(reading.read(text))}
        if as_json:
            print_json(found, indent=None)
        else:
            say(_human(found, said))


def _lines(path: Path | None) -> Iterator[str]:
    if path is None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # a text stream here
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from (line.rstrip("\r\n") for line in file)
    except OSError as error:
        fail(f"{path} can't be read: {error.strerror}.")


def _text(line: str) -> Any:
    """A line as a text to read. Raises ValueError with a sentence."""
    from app.domains.reading import Text  # noqa: PLC0415 - as above

    if not _LIKE_JSON.match(line):
        return Text(text=line)
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"this line begins like JSON and is none{where}") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError("a JSON line needs «text», a string")
    return Text(
        text=_clean(given["text"]),
        subject=_clean(str(given.get("subject") or "")),
        sent_at=_sent_at(given.get("sent_at"), given.get("tz")),
    )


def _clean(text: str) -> str:
    """Escapes in JSON can name half a character, which no output could show."""
    return text.encode("utf-8", "replace").decode()


def _sent_at(sent_at: object, zone: object) -> datetime | None:
    if sent_at is None:
        return None
    try:
        at = datetime.fromisoformat(str(sent_at))
    except ValueError as error:
        raise ValueError(f"sent_at is no RFC 3339 time: {sent_at}") from error
    try:
        own = ZoneInfo(str(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError where it names a folder of zones
        raise ValueError(f"tz is no zone name: {zone}") from error
    if at.tzinfo is None:
        return at.replace(tzinfo=own or ZoneInfo("UTC"))
    try:
        return at.astimezone(own) if own else at
    except OverflowError as error:
        raise ValueError(f"sent_at lies beyond the years 1 to 9999: {sent_at}") from error


def _human(found: dict[str, Any], said: str) -> str:
    head = f"{found['n']}: asks {found['asks']}, severity {found['severity']}  {said[:80]}"
    if "error" in found:
        return f"{found['n']}: {found['error']}"
    rows = [f"   {f['fact']} = {f['value']}  «{f['quote']}»  {f['points']:+}" for f in found["facts"]]
    return "\n".join([head, *rows])
