"""What a ruleset would do before it ranks, and how the rules of the one that ranks fare."""
