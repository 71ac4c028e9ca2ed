"""Watchfloor: an operations command center."""

__version__ = "0.1.0"
