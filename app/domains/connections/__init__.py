"""Configured integrations, their state, and the runs that bring their items in."""
