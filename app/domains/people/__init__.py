"""Who is who: the addresses and ids under which one person writes, joined only when somebody says so."""

from app.domains.people import service

__all__ = ["service"]
