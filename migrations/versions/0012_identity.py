"""People, keys and safety: who may sign in, what programs show, what was done, and what is secret."""

import sqlalchemy as sa
from alembic import op

revision = "0012_identity"
down_revision = "0011_two_way"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

_APPEND = """
CREATE FUNCTION audit_append(
  p_at timestamptz, p_actor text, p_actor_name text, p_address text, p_action text, p_target text, p_changes json,
  p_omitted integer, p_correlation_id text, p_first text, p_second text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE number integer; before text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit'));
  SELECT e.id, e.hash INTO number, before FROM audit_entries e ORDER BY e.id DESC LIMIT 1;
  IF NOT FOUND THEN SELECT a.forgotten_to, a.hash INTO number, before FROM audit_anchor a; END IF;
  number := coalesce(number, 0) + 1;
  before := coalesce(before, repeat('0', 64));
  INSERT INTO audit_entries (
    id, at, actor, actor_name, address, action, target, changes, omitted, correlation_id, previous, hash
  ) VALUES (
    number, p_at, p_actor, p_actor_name, p_address, p_action, p_target, p_changes, p_omitted, p_correlation_id, before,
    encode(sha256(convert_to(before || chr(10) || p_first || number || p_second, 'UTF8')), 'hex')
  );
  RETURN number;
END $$
"""
"""Lock, head, hash and entry in one round trip: whoever waits for the chain waits for that and a commit. The hash is
that of app.core.audit.chain, of the entry's JSON in two halves around its id."""
_REFUSALS = {
    "sqlite": (
        "CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries "
        "WHEN OLD.id > (SELECT coalesce(max(forgotten_to), 0) FROM audit_anchor) "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND OLD.id <= (SELECT coalesce(max(forgotten_to), 0) FROM audit_anchor) THEN "
        "RETURN OLD; END IF; RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()",
        _APPEND,
        "CREATE TRIGGER audit_entries_remain BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()",
    ),
}
"""Entries are never changed, and only those removed that the anchor has passed."""
_OF_TASKS = "ix_items_task_id_is_reply_integration_id"
"""Whether a task holds an item of an integration that somebody may not see is answered by the index alone."""
_SIGHTINGS = {
    "sqlite": (
        "SELECT integration_id, json_extract(value, '$[1]') AS address FROM items, json_each({column})",
        "json_extract(work, '$.assignees')",
    ),
    "postgresql": (
        "SELECT integration_id, value->>1 AS address FROM items CROSS JOIN LATERAL json_array_elements({column})",
        "work->'assignees'",
    ),
}
"""Of a list of pairs of name and address, the addresses; and where in `work` there is such a list."""
_TABLES = (
    "user_sessions",
    "one_time_tokens",
    "external_identities",
    "api_keys",
    "users",
    "stored_secrets",
    "signing_keys",
    "sign_in_failures",
    "audit_entries",
    "audit_anchor",
)


def upgrade() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forgotten_to", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_anchor_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_anchor")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("actor_name", sa.String(length=320), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("omitted", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.String(length=128), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_action_id"), "audit_entries", ["action", "id"], unique=False)
    op.create_index(op.f("ix_audit_entries_actor_id"), "audit_entries", ["actor", "id"], unique=False)
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entries_correlation_id"), "audit_entries", ["correlation_id"], unique=False)
    op.create_index(op.f("ix_audit_entries_target_id"), "audit_entries", ["target", "id"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_at"), "sign_in_failures", ["at"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "stored_secrets",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_secrets")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_since", _MOMENT, nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("recovery_codes", sa.JSON(), nullable=False),
        sa.Column("disabled_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("signed_in_at", _MOMENT, nullable=True),
        sa.CheckConstraint("role IN ('viewer', 'operator', 'admin')", name=op.f("ck_users_role_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("last_used_at", _MOMENT, nullable=True),
        sa.Column("last_used_from", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], unique=False)
    op.create_table(
        "external_identities",
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_external_identities_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_external_identities")),
    )
    op.create_index(op.f("ix_external_identities_user_id"), "external_identities", ["user_id"], unique=False)
    op.create_table(
        "one_time_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_tokens")),
    )
    op.create_index(op.f("ix_one_time_tokens_expires_at"), "one_time_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_one_time_tokens_user_id"), "one_time_tokens", ["user_id"], unique=False)
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_sessions_expires_at"), "user_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "integration_viewers",
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name=op.f("fk_integration_viewers_integration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_integration_viewers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("integration_id", "user_id", name=op.f("pk_integration_viewers")),
    )
    op.create_index(op.f("ix_integration_viewers_user_id"), "integration_viewers", ["user_id"], unique=False)

    op.add_column("integrations", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("integrations", sa.Column("owner_id", sa.Integer(), nullable=True))
    op.add_column("processes", sa.Column("port", sa.Integer(), nullable=True))
    _sightings(op.get_bind().dialect.name)
    op.drop_index("ix_items_task_id_is_reply", "items")
    op.create_index(_OF_TASKS, "items", ["task_id", "is_reply", "integration_id"])
    for statement in _REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)


def _sightings(dialect: str) -> None:
    """Which address occurs in what came from which integration, of all that is here."""
    op.create_table(
        "sightings",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address"], ["identities.address"], name=op.f("fk_sightings_address"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name=op.f("fk_sightings_integration_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address", "integration_id", name=op.f("pk_sightings")),
    )
    op.create_index(op.f("ix_sightings_integration_id"), "sightings", ["integration_id"], unique=False)
    of_pairs, assignees = _SIGHTINGS[dialect]
    found = " UNION ".join(
        [
            "SELECT integration_id, sender_address AS address FROM items",
            *(of_pairs.format(column=column) for column in ("recipients", "copied")),
            f"{of_pairs.format(column=assignees)} WHERE work IS NOT NULL",
        ]
    )
    op.execute(
        "INSERT INTO sightings (address, integration_id) SELECT identities.address, found.integration_id "
        f"FROM ({found}) AS found JOIN identities ON identities.address = found.address"
    )


def downgrade() -> None:
    op.drop_table("sightings")
    op.drop_index(_OF_TASKS, "items")
    op.create_index("ix_items_task_id_is_reply", "items", ["task_id", "is_reply"])
    op.drop_table("integration_viewers")
    op.drop_column("processes", "port")
    op.drop_column("integrations", "owner_id")
    op.drop_column("integrations", "private")
    for name in _TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_stay()")
        op.execute("DROP FUNCTION audit_append")
