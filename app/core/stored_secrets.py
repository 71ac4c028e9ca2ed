"""The table of secrets that are kept in the database, encrypted (app.core.secrets)."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime
from app.core.sealed import sealed

PURPOSE = "stored secret"


class StoredSecret(Base):
    """A setting that is secret, stored here instead of in the environment."""

    __tablename__ = "stored_secrets"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    """The setting's: «COMPOSIO_API_KEY»."""
    value: Mapped[str] = mapped_column(Text, info=sealed(PURPOSE))
    """Encrypted."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
