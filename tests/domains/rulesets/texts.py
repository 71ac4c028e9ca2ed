"""Small rulesets to save, activate and compare."""


def text(name: str = "own", *, points: int = 30, more: str = "") -> str:
    """A ruleset of one rule, and what `more` adds to its end."""
    return f"""# Mine
name = "{name}"
description = "What I say"
bands = {{ now = 70, next = 40, later = 15 }}

[[rules]]
id = "urgent"
title = "Says urgent"
when = "says_urgent"
points = {points}
say = "Says it is urgent"
{more}"""


def rule(id_: str, points: int = 10) -> str:
    return f"""
[[rules]]
id = "{id_}"
title = "Rule {id_}"
when = "turn == 'ours'"
points = {points}
say = "It is our turn"
"""
