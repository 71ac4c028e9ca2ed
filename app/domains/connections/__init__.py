"""Configured integrations, their state, and the runs that bring their items in."""

from app.domains.connections import service

__all__ = ["service"]
