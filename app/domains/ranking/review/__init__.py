"""Rulesets compared: what a change moves, what it would have done before, and how rules fare. Pure."""
