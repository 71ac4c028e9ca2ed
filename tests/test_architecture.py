"""The rooms and the rule of imports hold, and the contracts that say so can fail.

The rules stand in .importlinter; what its contracts can't express is asked of the import graph here.
Sources: docs/architecture.md, docs/decisions/0002-rooms-and-import-rules.md.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = ROOT / ".importlinter"

WEB = {"fastapi", "starlette"}
"""Known to routers, what lists them, app.core and app.main only."""

NOT_AT_START = ["alembic", "cel_expr_python", "composio", "inscriptis", "lxml", "openai"]
"""What costs start-up time: imported by the function that first needs it."""

SMALL_TREE = {
    "app.main": "import app.composition",
    "app.composition": "import app.workflows.sync",
    "app.cli": "import app.main",
    "app.workflows.sync": "import app.domains.tasks.service, app.integrations.registry",
    "app.domains.tasks.rules": "import app.records",
    "app.domains.tasks.service": "import sqlalchemy",
    "app.domains.ranking.catalogue": "",
    "app.domains.ranking.engine": "",
    "app.domains.ranking.ruleset": "",
    "app.domains.rulesets.compiling": "",
    "app.domains.rulesets.diff": "",
    "app.domains.reading.words": "",
    "app.integrations.contract": "import app.records",
    "app.integrations.registry": "import app.integrations.mail.mbox, app.integrations.slack",
    "app.integrations.exports.dates": "",
    "app.integrations.pulling": "import app.records",
    "app.integrations.gateways.rest": "import app.integrations.pulling, app.core.http",
    "app.integrations.mail.mbox": "import app.integrations.contract, app.integrations.pulling",
    "app.integrations.notion": "import app.integrations.contract",
    "app.integrations.slack": "import app.integrations.contract, app.integrations.pulling",
    "app.integrations.tables": "import app.integrations.contract",
    "app.integrations.taskwarrior": "import app.integrations.contract",
    "app.records": "",
    "app.settings": "import pydantic_settings",
    "app.core.guard": "",
    "app.core.http": "import httpx",
    "app.core.mail": "import smtplib",
    "app.core.database": "import sqlalchemy",
}
"""A program that keeps every contract; the cases below break one each."""

BREACHES: list[tuple[str, str, dict[str, str]]] = [
    (
        "Rooms",
        "a domain imports an integration",
        {"app.domains.tasks.service": "import app.integrations.registry"},
    ),
    (
        "Rooms",
        "an integration imports a domain",
        {"app.integrations.slack": "import app.domains.tasks.rules"},
    ),
    ("Rooms", "a domain imports a workflow", {"app.domains.tasks.service": "import app.workflows.sync"}),
    ("Rooms", "a workflow imports the composition", {"app.workflows.sync": "import app.composition"}),
    ("Rooms", "core imports the settings", {"app.core.http": "import app.settings"}),
    ("Rooms", "a room nobody declared", {"app.helpers": ""}),
    (
        "No circle",
        "two domains in a circle",
        {
            "app.domains.tasks.service": "import app.domains.ranking.engine",
            "app.domains.ranking.engine": "import app.domains.tasks.rules",
        },
    ),
    (
        "No circle",
        "a circle hidden in a function",
        {
            "app.domains.tasks.service": "import app.domains.ranking.engine",
            "app.domains.ranking.engine": "def late():\n    import app.domains.tasks.rules",
        },
    ),
    (
        "Kinds of integration",
        "a kind imports another kind",
        {"app.integrations.slack": "import app.integrations.mail.mbox"},
    ),
    ("Only the registry", "a workflow names a kind", {"app.workflows.sync": "import app.integrations.slack"}),
    (
        "Integrations know no database",
        "an integration knows the database",
        {"app.integrations.slack": "import sqlalchemy"},
    ),
    (
        "Integrations know no database",
        "an integration reaches the database",
        {"app.integrations.slack": "import app.core.database"},
    ),
    (
        "Only core/http and the gateways call out",
        "a workflow calls out",
        {"app.workflows.sync": "import httpx"},
    ),
    (
        "Only core/http and the gateways call out",
        "a domain calls out",
        {"app.domains.tasks.service": "import requests"},
    ),
    ("Only core/http and the gateways call out", "main calls out", {"app.main": "import httpx"}),
    ("Only core/mail sends mail", "a workflow sends mail", {"app.workflows.sync": "import smtplib"}),
    ("Kinds call their", "a kind calls out", {"app.integrations.slack": "import app.core.http"}),
    ("Kinds call their", "a kind goes around its gateway", {"app.integrations.mail.mbox": "import httpx"}),
    ("Records, rules", "ranking knows the database", {"app.domains.ranking.engine": "import sqlalchemy"}),
    ("Records, rules", "records are not plain", {"app.records": "import pydantic"}),
    ("Records, rules", "rules know the database", {"app.domains.tasks.rules": "import sqlalchemy"}),
    ("Records, rules", "rules reach the database", {"app.domains.tasks.rules": "import app.core.database"}),
    ("Records, rules", "reading knows the web", {"app.domains.reading.words": "import fastapi"}),
]
"""Contract (how its name begins), what is wrong, and the lines that make it so."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def plant(folder: Path, modules: dict[str, str]) -> None:
    """Writes the modules as files, packages included."""
    for name, source in modules.items():
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n")
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("lint-imports"))
    command = [program, "--config", str(CONTRACTS), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_import_follows_the_rules() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_a_small_program_that_keeps_the_rules_passes(tmp_path: Path) -> None:
    plant(tmp_path, SMALL_TREE)

    result = lint_imports(tmp_path)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("contract", "lines"),
    [(contract, lines) for contract, _, lines in BREACHES],
    ids=[what for _, what, _ in BREACHES],
)
def test_a_breach_is_found(tmp_path: Path, contract: str, lines: dict[str, str]) -> None:
    plant(tmp_path, SMALL_TREE | {name: f"{SMALL_TREE.get(name, '')}\n{more}" for name, more in lines.items()})

    result = lint_imports(tmp_path)

    assert result.returncode == 1
    verdicts = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout).splitlines()
    assert any(line.startswith(contract) and "BROKEN" in line for line in verdicts), result.stdout


def test_only_routers_core_and_main_know_the_web_framework(graph: grimp.ImportGraph) -> None:
    importers = {name for web in WEB & graph.modules for name in graph.find_modules_that_directly_import(web)}

    others = {name for name in importers if not may_know_the_web(name)}

    assert others == set()


def may_know_the_web(module: str) -> bool:
    return module == "app.main" or module.startswith("app.core.") or module.endswith((".router", ".routes"))


def test_starting_the_program_loads_nothing_heavy_and_starts_nothing(tmp_path: Path) -> None:
    program = (
        "import json, sys, threading, app.main, app.cli\n"
        "print(json.dumps({'modules': sorted(sys.modules), 'threads': threading.active_count()}))"
    )
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=bare, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    started = json.loads(result.stdout)
    assert [name for name in NOT_AT_START if name in started["modules"]] == []
    assert started["threads"] == 1
    assert list(tmp_path.iterdir()) == []


def test_what_commands_are_made_of_brings_no_routes_along() -> None:
    """They cost a second of every command, and memory of every import."""
    program = "import json, sys, app.composition; print(json.dumps(sorted(sys.modules)))"

    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert [name for name in json.loads(result.stdout) if name.endswith((".router", ".routes"))] == []
