"""Encrypting anew reaches everything that is stored encrypted, in one transaction; and no column is forgotten."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select, update

import app.main  # noqa: F401 - every table
from app.core.database import Database
from app.core.sealed import columns
from app.core.secrets import CantDecrypt, Vault
from app.settings import PROJECT_ROOT
from app.workflows.secrets.rotating import Rotated, rotate
from tests.core import sample_rows

OLD, NEW = Vault(["old"]), Vault(["new", "old"])
NOT_STORED: set[str] = set()
"""Purposes of what is encrypted and kept in no table."""


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def purposes_used() -> set[str]:
    """The last argument of every `….encrypt(text, purpose)` in the program; a constant by its value."""
    found = set()
    for path in (PROJECT_ROOT / "app").rglob("*.py"):
        for call in calls(path):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "encrypt" and len(call.args) == 2:
                found.add(constant(path, call.args[1]))
    return found


def constant(path: Path, node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    name = node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)
    module = ast.unparse(node.value) if isinstance(node, ast.Attribute) else None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name and not module:
            return str(ast.literal_eval(each.value))
        if isinstance(each, ast.ImportFrom) and each.module:
            wanted = module or name
            if any(wanted in (alias.asname, alias.name) for alias in each.names):
                base = PROJECT_ROOT / each.module.replace(".", "/")
                return constant(base / f"{module}.py" if module else base.with_suffix(".py"), ast.Name(name))
    return f"«{name} in {path.name}»"


def test_every_purpose_that_something_is_encrypted_for_is_that_of_a_column() -> None:
    assert purposes_used() - {"purpose"} - NOT_STORED - {"«purpose in secrets.py»"} == {
        each.purpose for each in columns()
    }


def test_no_two_columns_share_a_purpose() -> None:
    found = [each.purpose for each in columns()]

    assert len(found) == len(set(found))


async def fill(database: Database, vault: Vault) -> None:
    """Rows in every table, each secret of them encrypted."""
    await sample_rows.plant(database)
    async with database.writing() as session:
        for each in columns():
            text = vault.encrypt(f"secret of {each.name}", each.purpose)
            value = {each.within: text} if each.within else text
            await session.execute(update(each.table).values({each.column: value}))


async def opened(database: Database, vault: Vault) -> dict[str, set[str]]:
    """What every column holds, as this vault reads it."""
    found: dict[str, set[str]] = {}
    async with database.reading() as session:
        for each in columns():
            values = (await session.scalars(select(each.column).where(each.column.is_not(None)))).all()
            texts = [value[each.within] if each.within else value for value in values]
            found[each.name] = {vault.decrypt(text, each.purpose) for text in texts}
    return found


async def rotated(database: Database, vault: Vault) -> list[Rotated]:
    async with database.writing() as session:
        return await rotate(session, vault)


async def test_everything_is_encrypted_anew_and_the_earlier_key_can_go(database: Database) -> None:
    await fill(database, OLD)

    told = await rotated(database, NEW)

    assert all(each.renewed and not each.present and not each.unreadable for each in told)
    assert await opened(database, Vault(["new"])) == {each.name: {f"secret of {each.name}"} for each in columns()}
    with pytest.raises(CantDecrypt):
        await opened(database, OLD)


async def test_a_second_time_finds_nothing_to_do(sqlite_database: Database) -> None:
    await fill(sqlite_database, OLD)
    first = await rotated(sqlite_database, NEW)

    second = await rotated(sqlite_database, NEW)

    assert [(each.renewed, each.present) for each in second] == [(0, each.renewed) for each in first]


async def test_what_no_key_opens_is_named_and_stays(sqlite_database: Database) -> None:
    await fill(sqlite_database, Vault(["lost"]))

    told = await rotated(sqlite_database, NEW)

    assert all(each.unreadable and not each.renewed for each in told)
    assert await opened(sqlite_database, Vault(["lost"]))


async def test_where_it_ends_halfway_nothing_is_changed(database: Database) -> None:
    await fill(database, OLD)

    async def halfway() -> None:
        async with database.writing() as session:
            await rotate(session, NEW)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        await halfway()

    assert await opened(database, OLD)
