"""From Taskwarrior's settings to a ruleset of one's own. Pure."""
