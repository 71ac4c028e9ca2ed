"""How bodies that come in several forms are described in the API's document."""

from typing import Any

from app.domains.ranking.calendars import MOST_SPANS

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

_DAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
CALENDAR: dict[str, Any] = {
    "required": ["zone", "hours"],
    "properties": {
        "name": {"type": "string", "description": "a-z, 0-9 and -."},
        "zone": {"type": "string", "description": "A name of the time zone database."},
        "hours": {
            "type": "object",
            "description": "By weekday, or by several with the same hours, such as monday-thursday or sunday-thursday: "
            "at most six times of work, each from and to as on the wall. A day without any is closed.",
            "propertyNames": {"pattern": f"^({_DAY})(-({_DAY}))?$"},
            "additionalProperties": {
                "type": "array",
                "maxItems": MOST_SPANS,
                "items": {"type": "string", "examples": ["09:00-12:00"]},
            },
        },
        "holidays": {"type": "array", "description": "Closed all day: a date, or a date with a name.", "items": {}},
        "note": {"type": "string", "description": "Why; kept with the version."},
        "author": {"type": "string", "description": "Who you are."},
    },
    "examples": [
        {
            "name": "office",
            "zone": "Europe/Berlin",
            "hours": {"monday-thursday": ["09:00-12:00", "13:00-17:00"], "friday": ["09:00-13:00"]},
            "holidays": ["2026-12-25", {"on": "2026-05-01", "name": "Labour Day"}],
            "note": "Short Fridays",
        }
    ],
}
"""A calendar that somebody puts."""
