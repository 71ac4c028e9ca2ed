"""Answers as they are shown in the API's description: shortened ones of a running program."""

from typing import Any

PREVIEW: dict[str, Any] = {
    "draft": {"name": "own", "rules": 2},
    "against": {"name": "own", "version": 1},
    "at": "2026-03-05T07:00:00Z",
    "tasks": 22,
    "of": 22,
    "seconds": 0.048,
    "moved": 22,
    "other_points": 1,
    "by_themselves": 1,
    "correlation": 0.818,
    "bands": {
        "now": {
            "before": 0,
            "after": 0,
            "share_before": 0.0,
            "share_after": 0.0,
            "came": 0,
            "in": [],
            "left": 0,
            "out": [],
        },
        "next": {
            "before": 0,
            "after": 1,
            "share_before": 0.0,
            "share_after": 0.045,
            "came": 1,
            "in": [22],
            "left": 0,
            "out": [],
        },
        "later": {
            "before": 21,
            "after": 21,
            "share_before": 0.955,
            "share_after": 0.955,
            "came": 0,
            "in": [],
            "left": 0,
            "out": [],
        },
        "someday": {
            "before": 1,
            "after": 0,
            "share_before": 0.045,
            "share_after": 0.0,
            "came": 0,
            "in": [],
            "left": 1,
            "out": [22],
        },
    },
    "top_before": [
        {
            "task": 1,
            "title": "Report 1",
            "rank_before": 1,
            "rank_after": 2,
            "points_before": 30,
            "points_after": 30,
            "band_before": "later",
            "band_after": "later",
        }
    ],
    "top_after": [
        {
            "task": 22,
            "title": "Pay the rent",
            "rank_before": 22,
            "rank_after": 1,
            "points_before": 0,
            "points_after": 50,
            "band_before": "someday",
            "band_after": "next",
        }
    ],
    "movers": {
        "up": [
            {
                "task": 22,
                "title": "Pay the rent",
                "rank_before": 22,
                "rank_after": 1,
                "points_before": 0,
                "points_after": 50,
                "band_before": "someday",
                "band_after": "next",
                "before": {
                    "task": 22,
                    "at": "2026-03-05T07:00:00Z",
                    "basis": "present",
                    "ruleset": {"name": "own", "version": 1},
                    "tier": "normal",
                    "score": 0,
                    "points": 0,
                    "band": "someday",
                    "valid_until": None,
                    "reasons": [],
                    "contributions": [],
                    "also_checked": [
                        {
                            "rule": "urgent",
                            "title": "Priority urgent",
                            "outcome": "unknown",
                            "because": "Not known: priority",
                            "facts": ["priority"],
                        }
                    ],
                    "clocks": [],
                    "rank": None,
                },
                "after": {
                    "task": 22,
                    "at": "2026-03-05T07:00:00Z",
                    "basis": "present",
                    "ruleset": {"name": "own", "version": 1},
                    "tier": "normal",
                    "score": 50,
                    "points": 50,
                    "band": "next",
                    "valid_until": None,
                    "reasons": ["It is about the rent"],
                    "contributions": [
                        {
                            "rule": "rent",
                            "title": "The rent",
                            "points": 50,
                            "because": "It is about the rent",
                            "fact": "labels",
                            "value": ["rent"],
                            "source": "person",
                            "quote": None,
                            "item": None,
                            "link": None,
                        }
                    ],
                    "also_checked": [
                        {
                            "rule": "urgent",
                            "title": "Priority urgent",
                            "outcome": "unknown",
                            "because": "Not known: priority",
                            "facts": ["priority"],
                        }
                    ],
                    "clocks": [],
                    "rank": None,
                },
            }
        ],
        "down": [],
    },
    "warnings": [
        {"code": "empty_band", "sentence": "Nothing would stand in “now”, as is so already.", "rule": None},
        {"code": "empty_band", "sentence": "Nothing would stand in “someday”.", "rule": None},
    ],
    "changes": [
        {
            "what": "added",
            "section": "rule",
            "id": "rent",
            "title": "The rent",
            "fields": [
                {"field": "id", "before": None, "after": "rent"},
                {"field": "title", "before": None, "after": "The rent"},
                {"field": "when", "before": None, "after": "'rent' in labels"},
                {"field": "points", "before": None, "after": 50},
                {"field": "say", "before": None, "after": "It is about the rent"},
            ],
        }
    ],
    "rules": [{"rule": "rent", "title": "The rent", "what": "added", "fires": 1, "cut": None}],
    "history": {
        "days": 2,
        "since": "2026-03-03T07:00:00Z",
        "moments": 193,
        "tasks": 22,
        "late": 1,
        "sentence": "The task that was late would have come into the top twenty, but never did.",
        "earlier": 0,
        "median_earlier_h": None,
        "later": 0,
        "median_later_h": None,
        "same": 0,
        "gained": 1,
        "lost": 0,
        "never": 0,
        "rows": [
            {
                "task": 22,
                "title": "Pay the rent",
                "late_at": "2026-03-04T21:00:00Z",
                "first_in_top_twenty_before": None,
                "first_in_top_twenty_after": "2026-03-03T07:00:00Z",
                "earlier_h": None,
            }
        ],
        "notes": ["Looked at 193 moments, one every 15 minutes: no time is more exact than that."],
    },
}
HEALTH: dict[str, Any] = {
    "ruleset": {"name": "own", "version": 1},
    "at": "2026-03-02T09:00:00Z",
    "days": 30,
    "tasks": 22,
    "of": 22,
    "rules": [
        {
            "rule": "urgent",
            "title": "Priority urgent",
            "override": False,
            "fired": 21,
            "share": 0.955,
            "points_total": 630,
            "points_mean": 30.0,
            "unknown": 1,
            "errors": 0,
            "failing": None,
            "dead": False,
            "overridden": 0,
            "contradicts": [],
        }
    ],
    "notes": [],
}
