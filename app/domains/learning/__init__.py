"""What people rank by hand, and the changes of the rules that are proposed from that."""

from app.domains.learning import service

__all__ = ["service"]
