"""Rulesets and calendars in versions that never change: checked when saved, activated, rolled back."""

from app.domains.rulesets import calendars, service

__all__ = ["calendars", "service"]
