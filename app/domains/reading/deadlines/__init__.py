"""Deadlines in words: cues.py says which words set one, grammar.py reads the moment, find.py joins them."""
