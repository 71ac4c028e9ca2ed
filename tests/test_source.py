"""What every source file keeps to: size, docstrings, narrow excepts, no secrets; locks with hashes, no host.

The lists of exceptions may only shrink: an entry that is no longer needed fails too.
Source: docs/decisions/0002-rooms-and-import-rules.md.
"""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for path in (ROOT / "app").rglob("*.py") if "node_modules" not in path.parts)
LOCKS = sorted(ROOT.glob("requirements*.lock"))

LONG_FILES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()
BROAD_EXCEPTS = {
    "app/cli/__init__.py:main",
    "app/core/guard/breaker.py:_tell",
    "app/core/middleware.py:__call__",
    "app/integrations/exports/html_text.py:to_text",
    "app/integrations/mail/message.py:to_item",
    "app/workflows/identity/ways/forgotten.py:_one",
    "app/workflows/repeating.py:repeat",
    "app/workflows/sync/running.py:_carry_out",
    "app/core/guard/guard.py:_observed",
    "app/workflows/writing/one.py:_outcome",
    "app/domains/tasks/scoring.py:_written",
}
"""Functions, as "path:name", that may catch everything because they must outlive whatever they run."""

# Written in parts, so that this file does not find itself.
REGISTRY_HOSTS = re.compile("pypi" + r"\.org|pythonhosted" + r"\.org|npmjs" + r"\.(?:org|com)")
SECRETS = re.compile(
    "-----BEGIN " + r"[A-Z ]*PRIVATE KEY-----"
    r"|\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}|\bgh[pousr]_[A-Za-z0-9]{30,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abprs]-[0-9A-Za-z-]{20,}"
)
UNTRACKED_WORK = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def swallows_everything(node: ast.AST) -> bool:
    """Catches any exception and does not end by raising it again."""
    if not isinstance(node, ast.ExceptHandler) or is_bare_raise(node.body[-1]):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException")) for each in caught
    )


def is_bare_raise(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) and statement.exc is None


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Path and text of every file in version control that is text."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files belong to the project")
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return {name_of(path): path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}


def test_no_file_of_the_program_is_longer_than_300_lines() -> None:
    long = {name_of(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300}

    assert long == LONG_FILES


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{name_of(path)}:{function.name}"
        for path in MODULES
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= 50
    }

    assert long == LONG_FUNCTIONS


def test_only_listed_functions_swallow_every_exception() -> None:
    broad = {
        f"{name_of(path)}:{function.name}"
        for path in MODULES
        for function in functions(path)
        if any(swallows_everything(node) for node in ast.walk(function))
    }

    assert broad == BROAD_EXCEPTS


def test_every_module_says_what_it_is_for() -> None:
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_unfinished_work_names_its_issue(tracked: dict[str, str]) -> None:
    sources = {name: text for name, text in tracked.items() if name.endswith((".py", ".ts", ".tsx", ".toml"))}
    own = name_of(Path(__file__))

    assert [name for name, text in sources.items() if name != own and UNTRACKED_WORK.search(text)] == []


def test_no_file_holds_a_secret(tracked: dict[str, str]) -> None:
    # Tests plant false ones to see that they don't leak.
    shipped = {name: text for name, text in tracked.items() if not name.startswith("tests/")}

    assert [name for name, text in shipped.items() if SECRETS.search(text)] == []


def test_no_file_names_the_host_of_a_package_registry(tracked: dict[str, str]) -> None:
    assert [name for name, text in tracked.items() if REGISTRY_HOSTS.search(text)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())

    assert "://" not in text
    assert [package.split()[0] for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_the_lock_of_the_dashboard_pins_every_package_by_hash_and_names_no_host() -> None:
    packages = json.loads((ROOT / "app" / "dashboard" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {name: package for name, package in packages.items() if name}

    assert len(locked) > 100
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert [name for name, package in locked.items() if not package.get("integrity", "").startswith("sha512-")] == []


def test_the_locks_agree_on_every_version() -> None:
    pins: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)

    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}
