"""Secret settings that are kept in the database: encrypted, listed without their values, and used where the
environment says nothing."""

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from app.core.database import Database
from app.core.errors import Invalid, NotFound
from app.core.stored_secrets import StoredSecret
from app.settings import Settings
from app.workflows.secrets import stored
from app.workflows.secrets.vault import own_key_file, vault_from
from tests.conftest import START


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"secret_key": SecretStr("of these tests")})


async def put(database: Database, settings: Settings, name: str, value: str) -> bool:
    async with database.writing() as session:
        return await stored.put(session, vault_from(settings), name, value, now=START)


async def states(database: Database, settings: Settings) -> dict[str, str]:
    async with database.reading() as session:
        return {each.name: each.state for each in await stored.listed(session, vault_from(settings), settings)}


async def test_what_is_stored_fills_what_the_environment_leaves_empty(database: Database, settings: Settings) -> None:
    settings.mail_password = SecretStr("of the environment")
    assert await put(database, settings, "COMPOSIO_API_KEY", "first")
    assert not await put(database, settings, "COMPOSIO_API_KEY", "hunter2")
    await put(database, settings, "MAIL_PASSWORD", "stored")

    assert await states(database, settings) == {
        "COMPOSIO_API_KEY": "in use",
        "MAIL_PASSWORD": "the environment's is used",
    }
    assert await stored.fill(settings, database) == []
    assert settings.composio_api_key.get_secret_value() == "hunter2"
    assert settings.mail_password.get_secret_value() == "of the environment"
    assert settings.oidc_client_secret.get_secret_value() == ""


async def test_it_lies_there_encrypted(database: Database, settings: Settings) -> None:
    await put(database, settings, "COMPOSIO_API_KEY", "hunter2")

    async with database.reading() as session:
        (row,) = (await session.scalars(select(StoredSecret))).all()
    assert "hunter2" not in row.value


async def test_the_audit_trail_tells_the_name_and_nothing_more(database: Database, settings: Settings) -> None:
    await put(database, settings, "COMPOSIO_API_KEY", "hunter2")
    async with database.writing() as session:
        await stored.remove(session, "COMPOSIO_API_KEY")

    async with database.reading() as session:
        told = [str(row) for row in (await session.execute(text("SELECT target, changes FROM audit_entries"))).all()]
        sealed = (await session.execute(text("SELECT count(*) FROM stored_secrets"))).scalar_one()
    assert len([row for row in told if "secret:COMPOSIO_API_KEY" in row]) == 2
    assert "hunter2" not in str(told)
    assert "gAAAA" not in str(told)
    assert sealed == 0


async def test_one_that_can_not_be_read_is_named_and_the_others_are_used(
    database: Database, settings: Settings
) -> None:
    await put(database, settings.model_copy(update={"secret_key": SecretStr("lost")}), "MAIL_PASSWORD", "hunter2")
    await put(database, settings, "COMPOSIO_API_KEY", "hunter3")

    assert await states(database, settings) == {"COMPOSIO_API_KEY": "in use", "MAIL_PASSWORD": "can't be read"}
    assert await stored.fill(settings, database) == ["MAIL_PASSWORD"]
    assert settings.composio_api_key.get_secret_value() == "hunter3"
    assert settings.mail_password.get_secret_value() == ""


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEYS_BEFORE", "DATABASE_URL", "LISTEN_PORT", "NOTHING"])
async def test_what_is_needed_before_or_is_no_secret_is_not_stored(
    sqlite_database: Database, settings: Settings, name: str
) -> None:
    with pytest.raises(Invalid, match="What may be: COMPOSIO_API_KEY, COMPOSIO_WEBHOOK_SECRET, MAIL_PASSWORD"):
        await put(sqlite_database, settings, name, "x")


@pytest.mark.parametrize("value", ["", "two\nlines", "x" * 4001, "\x00"])
async def test_a_value_is_one_line(sqlite_database: Database, settings: Settings, value: str) -> None:
    with pytest.raises(Invalid, match="must be one line"):
        await put(sqlite_database, settings, "MAIL_PASSWORD", value)


async def test_what_is_not_stored_can_not_be_removed(sqlite_database: Database) -> None:
    with pytest.raises(NotFound, match="MAIL_PASSWORD is not stored"):
        async with sqlite_database.writing() as session:
            await stored.remove(session, "MAIL_PASSWORD")


async def test_no_key_is_made_where_nothing_is_stored(sqlite_database: Database, settings: Settings) -> None:
    settings.secret_key = SecretStr("")

    assert await stored.fill(settings, sqlite_database) == []
    assert not own_key_file(settings).exists()
