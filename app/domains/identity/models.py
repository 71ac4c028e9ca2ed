"""Tables of users and of what they show to be let in. No password, token or key stands here that could be used."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime
from app.core.sealed import sealed


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "users"
    # An id is never given twice: what belonged to somebody who was removed would be another's.
    __table_args__ = (
        CheckConstraint("role IN ('viewer', 'operator', 'admin')", name="role_is_known"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Case folded."""
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str | None] = mapped_column(Text)
    """Its argon2id hash; None: they come by a link or by OpenID Connect."""
    totp_secret: Mapped[str | None] = mapped_column(Text, info=sealed("totp"))
    """Encrypted (app.core.secrets)."""
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when on a code is asked for; None: not confirmed yet."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the code that was used last: each is taken once."""
    recovery_codes: Mapped[list[str]] = mapped_column(Json)
    """Hashes of those that were not used yet."""
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When last."""


class ExternalIdentity(Base):
    """How an OpenID Connect provider names a user."""

    __tablename__ = "external_identities"
    __table_args__ = (Index(None, "user_id"),)

    issuer: Mapped[str] = mapped_column(String(400), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UserSession(Base):
    """A browser that is signed in. Ending it deletes the row."""

    __tablename__ = "user_sessions"
    # An id is never given twice: the audit trail tells of sessions that have ended.
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Whatever happens; without use it ends earlier."""
    method: Mapped[str] = mapped_column(String(20))
    """password, link, or oidc."""
    address: Mapped[str] = mapped_column(String(100))
    user_agent: Mapped[str] = mapped_column(String(300))


class OneTimeToken(Base):
    """Something that may be shown once: a link to sign in, one to set a password, a sign-in that is on its way to a
    provider and back."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (Index(None, "expires_at"), Index(None, "user_id"))

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any] | None] = mapped_column(Json)


class SignInFailures(Base):
    """How often signing in failed for one account from devices it does not know, from one it knows, or from an
    address; and until when no more is tried."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "at"),)

    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash: the table tells nobody who has an account."""
    failures: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A key of a program. The key itself was shown once."""

    __tablename__ = "api_keys"
    __table_args__ = (Index(None, "user_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    """The key's beginning, by which it is found and recognised."""
    key_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Json)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """Whose it is; None: nobody's, as the command line and admins make them."""
    networks: Mapped[list[str]] = mapped_column(Json)
    """It is taken from these alone, as «10.0.0.0/8»; empty: from everywhere."""
    created_by: Mapped[str] = mapped_column(String(320))
    created_by_id: Mapped[int | None]
    """The user who made it, or the key that made it; stays when they go. None: it was made at the command line."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_from: Mapped[str] = mapped_column(String(100), default="")


class SigningKey(Base):
    """What short-lived tokens are signed with. One that was retired still verifies those it signed."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Stands in a token's header as `kid`."""
    private_key: Mapped[str] = mapped_column(Text, info=sealed("signing"))
    """Encrypted (app.core.secrets)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
