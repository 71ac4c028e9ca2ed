"""Answers as they are shown in the API's description: shortened ones of a running program."""

from typing import Any

_VERSION: dict[str, Any] = {
    "name": "own",
    "version": 2,
    "active": False,
    "author": "ana",
    "note": "As agreed on Friday",
    "created_at": "2026-03-02T09:00:00Z",
    "digest": "6444dd75c52c3a2a",
    "description": "What is urgent comes first",
    "rules": 1,
}
RULESET: dict[str, Any] = {
    **_VERSION,
    "text": (
        'name = "own"\n'
        'description = "What is urgent comes first"\n'
        "bands = { now = 70, next = 40, later = 15 }\n"
        "\n"
        "[[rules]]\n"
        'id = "urgent"\n'
        'title = "Priority urgent"\n'
        "when = \"priority == 'urgent'\"\n"
        "points = 35\n"
        'say = "Its priority is urgent"\n'
    ),
    "document": {
        "name": "own",
        "description": "What is urgent comes first",
        "bands": {"now": 70, "next": 40, "later": 15},
        "rules": [
            {
                "id": "urgent",
                "title": "Priority urgent",
                "when": "priority == 'urgent'",
                "points": 35,
                "say": "Its priority is urgent",
            }
        ],
    },
}
SAVED: dict[str, Any] = {**RULESET, "changed": True, "previous": {"name": "own", "version": 1}}
VERSIONS: dict[str, Any] = {"items": [_VERSION], "next_cursor": None, "has_more": False}
RULESETS: dict[str, Any] = {
    "items": [
        {
            "name": "eisenhower",
            "version": 1,
            "active": False,
            "active_version": None,
            "versions": 1,
            "shipped": True,
            "description": "Four quadrants: important or not, urgent or not.",
            "rules": 15,
            "updated_at": "2026-03-02T09:00:00Z",
        }
    ],
    "next_cursor": "WyJydWxlc2V0cyIsICJlaXNlbmhvd2VyIl0",
    "has_more": True,
}
DIFF: dict[str, Any] = {
    "name": "own",
    "from": 1,
    "to": 2,
    "text": (
        "--- own 1\n"
        "+++ own 2\n"
        "@@ -6,5 +6,5 @@\n"
        ' id = "urgent"\n'
        ' title = "Priority urgent"\n'
        " when = \"priority == 'urgent'\"\n"
        "-points = 30\n"
        "+points = 35\n"
        ' say = "Its priority is urgent"\n'
    ),
    "changes": [
        {
            "what": "changed",
            "section": "rule",
            "id": "urgent",
            "title": "Priority urgent",
            "fields": [{"field": "points", "before": 30, "after": 35}],
        }
    ],
}
CHECKED: dict[str, Any] = {
    "valid": False,
    "problems": [
        {
            "where": "rules[1] urgent.when",
            "rule": "urgent",
            "field": "when",
            "message": "there is no fact or function 'priorty'; did you mean 'priority'?",
            "line": 1,
            "column": 1,
            "document_line": 8,
        }
    ],
    "name": "own",
    "rules": None,
}
FACTS: dict[str, Any] = {
    "items": [
        {
            "name": "due_at",
            "type": "timestamp",
            "meaning": "The deadline, set by a person or the source, or said in words",
            "example": "2025-09-26T17:00:00+00:00",
            "values": [],
            "most": None,
        },
        {
            "name": "priority",
            "type": "string",
            "meaning": "Its priority, where somebody set one",
            "example": "high",
            "values": ["low", "normal", "high", "urgent"],
            "most": None,
        },
    ],
    "next_cursor": None,
    "has_more": False,
}
CALENDAR: dict[str, Any] = {
    "name": "office",
    "version": 1,
    "zone": "Europe/Berlin",
    "hours": {"monday": ["09:00-12:00", "13:00-17:00"], "friday": ["09:00-13:00"]},
    "holidays": [{"on": "2026-05-01", "name": "Labour Day"}, "2026-12-25"],
    "author": "ana",
    "note": "Short Fridays",
    "created_at": "2026-03-02T09:00:00Z",
}
CALENDAR_PUT: dict[str, Any] = {**CALENDAR, "changed": True}
CALENDARS: dict[str, Any] = {"items": [CALENDAR], "next_cursor": None, "has_more": False}
ACTIVATED: dict[str, Any] = {
    "ruleset": {**_VERSION, "active": True},
    "previous": {"name": "own", "version": 1},
    "changed": True,
}
ACTIVATIONS: dict[str, Any] = {
    "items": [
        {
            "id": 3,
            "name": "own",
            "version": 2,
            "at": "2026-03-05T07:00:00Z",
            "actor": "ana",
            "note": "As agreed on Friday",
            "rolled_back": False,
        }
    ],
    "next_cursor": "WyJydWxlc2V0IGFjdGl2YXRpb25zICIsIDJd",
    "has_more": True,
}
