"""How bodies that come in several forms are described in the API's document."""

from typing import Any

_TOML = """name = "own"
description = "What is urgent comes first"
bands = { now = 70, next = 40, later = 15 }

[[rules]]
id = "urgent"
title = "Says urgent"
when = "says_urgent"
points = 80
say = "Says it is urgent"
"""
_DOCUMENT: dict[str, Any] = {
    "name": "own",
    "bands": {"now": 70, "next": 40, "later": 15},
    "rules": [
        {"id": "urgent", "title": "Says urgent", "when": "says_urgent", "points": 80, "say": "Says it is urgent"}
    ],
}
_SAID: dict[str, Any] = {
    "note": {"type": ["string", "null"], "description": "Why; kept with the version."},
    "author": {"type": ["string", "null"], "description": "Who you are."},
    "activate": {"type": ["boolean", "null"], "description": "Let it rank at once."},
}


def _envelope(form: str, schema: dict[str, Any]) -> dict[str, Any]:
    properties = {form: schema, **_SAID}
    return {"type": "object", "required": [form], "properties": properties, "additionalProperties": False}


_TEXT = {"type": "string", "maxLength": 400_000, "description": "The ruleset as TOML.", "examples": [_TOML]}
_OBJECT = {"type": "object", "required": ["rules"], "description": "The ruleset as JSON.", "examples": [_DOCUMENT]}

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A ruleset as TOML; or as JSON: the document itself, or an envelope that says more.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [_OBJECT, _envelope("toml", _TEXT), _envelope("document", _OBJECT)],
                    "examples": [_DOCUMENT, {"toml": _TOML, "note": "As agreed on Friday", "activate": True}],
                }
            },
            "application/toml": {"schema": _TEXT},
            "text/plain": {"schema": _TEXT},
        },
    }
}
"""A ruleset to be checked or saved."""

CALENDAR: dict[str, Any] = {
    "required": ["zone", "hours"],
    "properties": {
        "name": {"type": "string", "description": "a-z, 0-9 and -."},
        "zone": {"type": "string", "description": "A name of the time zone database."},
        "hours": {
            "type": "object",
            "description": "By weekday, monday to sunday; a day without any is closed.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "holidays": {"type": "array", "description": "Closed all day: a date, or a date with a name.", "items": {}},
        "note": {"type": "string"},
        "author": {"type": "string"},
    },
    "examples": [
        {
            "name": "office",
            "zone": "Europe/Berlin",
            "hours": {"monday": ["09:00-12:00", "13:00-17:00"], "friday": ["09:00-13:00"]},
            "holidays": ["2026-12-25", {"on": "2026-05-01", "name": "Labour Day"}],
            "note": "Short Fridays",
        }
    ],
}
"""A calendar that somebody puts."""
