"""Configured integrations, their state, and the runs that bring their items in."""

from app.domains.connections import service
from app.domains.connections.views import level_of

__all__ = ["level_of", "service"]
