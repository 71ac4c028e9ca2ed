"""A ruleset's document in its three forms: TOML text, JSON text, and plain data. Pure.

Stored is the TOML text, exactly as it was written; a document that came as JSON is written as TOML here.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.domains.ranking import ruleset
from app.domains.ranking.rules import Problem, RulesetInvalid

LARGEST = 400_000
"""Bytes of a ruleset's text."""
DEEPEST = 20
"""Levels of a document; a ruleset needs five."""
WHOLE = "the document"
"""The place of what is wrong with all of it."""


@lru_cache(maxsize=32)
def document_of(text: str) -> Mapping[str, Any]:
    """The data in a TOML text, its decimals exact. Not to be changed: it is kept. Raises RulesetInvalid."""
    return _readable(ruleset.toml_document, text)


def from_json(text: str) -> Mapping[str, Any]:
    """The object in a JSON text. Raises RulesetInvalid, with line and column where it is no JSON."""
    return _readable(ruleset.json_document, text)


def _readable(load: Callable[[str], dict[str, Any]], text: str) -> dict[str, Any]:
    try:
        return load(text)
    except RulesetInvalid:
        raise
    except ValueError as error:  # both forms allow numbers of any length; Python reads some thousand digits
        raise RulesetInvalid([Problem(WHOLE, "holds a number that is too long")]) from error


def unstorable(value: Any, where: str = "", depth: int = 0) -> Iterator[Problem]:
    """What a document may not hold, whatever it means: null, NUL, half characters, tables in tables without end."""
    if depth > DEEPEST:
        yield Problem(where or WHOLE, f"is nested more than {DEEPEST} levels deep")
    elif value is None:
        yield Problem(where or WHOLE, "must not be null: leave it out instead")
    elif isinstance(value, str):
        if _broken(value):
            yield Problem(where or WHOLE, "holds a character that can't be stored (NUL, or half of one)")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if _broken(str(key)):
                yield Problem(where or WHOLE, "has a key with a character that can't be stored")
            else:
                yield from unstorable(each, f"{where}.{key}" if where else str(key), depth + 1)
    elif isinstance(value, Sequence):
        for number, each in enumerate(value, 1):
            id_ = each.get("id") if isinstance(each, Mapping) else None
            named = f" {id_}" if isinstance(id_, str) and not _broken(id_) else ""
            yield from unstorable(each, f"{where}[{number}]{named}", depth + 1)


def _broken(text: str) -> bool:
    return any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text)


def plain(value: Any) -> Any:
    """The same as JSON has it: numbers whole where they are whole, moments as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal | float):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _number(value: Decimal | float) -> Any:
    """JSON knows no infinity: a text, which every check of a number refuses."""
    if not math.isfinite(value):
        return str(value)
    return int(value) if value == int(value) and -(2**53) < value < 2**53 else float(value)


def to_toml(document: Mapping[str, Any]) -> str:
    """A document as TOML that people can read and go on with. Raises RulesetInvalid for what TOML can't hold."""
    if problems := list(unstorable(document)):
        raise RulesetInvalid(problems)
    import tomlkit  # noqa: PLC0415 - only needed for what comes as JSON

    made = tomlkit.document()
    order: list[tuple[str, Any]] = sorted(document.items(), key=_rank)
    for key, value in order:
        if _is_tables(value):
            tables = tomlkit.aot()
            for each in value:
                tables.append(_table(each, dotted=True))
            made.add(key, tables)
        elif isinstance(value, Mapping):
            made.add(key, _table(value, dotted=False))
        else:
            made.add(key, _value(value))
    return tomlkit.dumps(made)


def renamed(text: str, name: str) -> str:
    """The TOML text with another name, everything else left as it is. Raises RulesetInvalid."""
    import tomlkit  # noqa: PLC0415 - as above

    if document_of(text).get("name") == name:
        return text
    document = tomlkit.parse(text)
    if "name" in document:
        document["name"] = name
        return tomlkit.dumps(document)
    return f"{tomlkit.dumps({'name': name})}{text}"


def _rank(pair: tuple[str, Any]) -> int:
    """Plain values stand first: what follows a table belongs to it."""
    _, value = pair
    return 2 if _is_tables(value) else 1 if isinstance(value, Mapping) else 0


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _table(data: Mapping[str, Any], *, dotted: bool) -> Any:
    """A table. With `dotted`, tables in it are written as `curve.points = …`, else under headings of their own."""
    import tomlkit  # noqa: PLC0415 - as above

    table = tomlkit.table()
    for key, value in sorted(data.items(), key=lambda pair: isinstance(pair[1], Mapping)):
        if not isinstance(value, Mapping):
            table.append(key, _value(value))
        elif dotted and value:
            for inner, each in value.items():
                table.append(tomlkit.key([key, inner]), _value(each))
        else:
            table.append(key, _table(value, dotted=True) if not dotted else tomlkit.inline_table())
    return table


def _value(value: Any) -> Any:
    """A value on one line, or a list of tables with one of them on each."""
    import tomlkit  # noqa: PLC0415 - as above

    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, each in value.items():
            inline.append(key, _value(each))
        return inline
    if isinstance(value, list):
        array = tomlkit.array()
        for each in value:
            array.append(_value(each))
        return array.multiline(_is_tables(value))
    if isinstance(value, Decimal):
        return tomlkit.items.Float(float(value), tomlkit.items.Trivia(), str(value))  # every digit as it was given
    return tomlkit.item(value)
