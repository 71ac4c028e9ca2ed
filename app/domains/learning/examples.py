"""Answers as they are shown in the API's description: shortened ones of a running program."""

from typing import Any

RANKED: dict[str, Any] = {
    "pair": {"id": 3, "above": 5, "below": 6, "at": "2026-03-03T09:00:00Z", "agreed": False},
    "sentence": "Noted. Proposal 1, a change of 1 rule, waits for your decision. The queue stays as it is.",
    "evidence": {"pairs": 3, "days": 2, "needed": {"pairs": 3, "days": 2}},
    "proposal": {"id": 1},
}
_PROPOSAL: dict[str, Any] = {
    "id": 1,
    "ruleset": {"name": "own", "version": 1},
    "state": "open",
    "sentence": "1 rule changes: 3 of 3 drags then stand as wished, instead of 0.",
    "drags": 3,
    "agreed_before": 0,
    "agreed_after": 3,
    "created_at": "2026-03-03T09:00:00Z",
    "decided_at": None,
    "decided_by": None,
    "note": "",
    "accepted_version": None,
}
_CHANGE: dict[str, Any] = {
    "rule": "urgent",
    "title": "Priority urgent",
    "field": "points",
    "before": [20],
    "after": [18],
    "sentence": "Priority urgent: 20 → 18 points, as 3 drags ask.",
}
_COUNTED: dict[str, Any] = {**_CHANGE, "evidence": 3, "against": 0}
PROPOSAL: dict[str, Any] = {
    **_PROPOSAL,
    "changes": [
        {
            **_CHANGE,
            "evidence": [
                {
                    "id": 1,
                    "at": "2026-03-02T09:00:00Z",
                    "actor": "person",
                    "above": {"id": 1, "title": "Offer for customer 1"},
                    "below": {"id": 2, "title": "Tidy shelf 1"},
                }
            ],
            "against": [],
            "forgotten": 0,
        }
    ],
    "preview": {
        "tasks": 6,
        "of": 6,
        "moved": 6,
        "by_themselves": 3,
        "top_before": [
            {
                "task": 2,
                "title": "Tidy shelf 1",
                "rank_before": 1,
                "rank_after": 4,
                "points_before": 20,
                "points_after": 18,
                "band_before": "later",
                "band_after": "later",
            }
        ],
        "top_after": [
            {
                "task": 1,
                "title": "Offer for customer 1",
                "rank_before": 4,
                "rank_after": 1,
                "points_before": 18,
                "points_after": 20,
                "band_before": "later",
                "band_after": "later",
            }
        ],
    },
    "text": 'name = "own"\n\n[[rules]]\nid = "urgent"\n# learned: -2 from 3 drags (proposal 1)\n…',
}
PROPOSALS: dict[str, Any] = {"items": [{**_PROPOSAL, "changes": [_COUNTED]}], "next_cursor": None, "has_more": False}
DECIDED: dict[str, Any] = {
    "proposal": {
        **_PROPOSAL,
        "state": "accepted",
        "decided_at": "2026-03-03T09:00:00Z",
        "decided_by": "ana",
        "note": "As we agreed",
        "accepted_version": 2,
        "changes": [_COUNTED],
    },
    "ruleset": {"name": "own", "version": 2},
    "sentence": "own version 2 ranks now. Tasks are ranked again within moments.",
}
