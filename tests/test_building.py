"""The dashboard is built where its sources changed, with the machine's Node or one of its own; and where it can't be,
the server starts all the same.

Stand-ins for Python, Node and npm: tests/machine.py. A real build is what scripts/test makes.
"""

import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.machine import ROOT, Machine

SERVED = "watchfloor serve --port"


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Node."""
    bare = Machine(tmp_path)
    bare.python("python3", "3.12")
    return bare


@pytest.fixture
def machine(bare: Machine) -> Machine:
    bare.node("22.12.0")
    return bare


@pytest.fixture
def port() -> str:
    """One that was free a moment ago; the stand-in for the server never listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_it_says_what_it_does_and_how_long_it_took(machine: Machine, port: str) -> None:
    code, said = machine.run("run", "--port", port)

    assert code == 0
    assert "  0 packages of the dashboard … 0 s\n  the dashboard … 0 s\n" in said.replace("1 s", "0 s")
    assert (machine.dashboard / "dist" / "index.html").read_text() == "index.html\n"


@pytest.mark.parametrize("name", ["src/main.tsx", "src/new.ts", "index.html"])
def test_it_is_built_anew_where_a_source_changed(machine: Machine, port: str, name: str) -> None:
    machine.run("run", "--port", port)
    machine.built()
    (machine.dashboard / name).write_text("changed")

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.built() == ["npm run build"]


@pytest.mark.parametrize("name", ["src/main.test.tsx", "node_modules/left", "tsconfig.tsbuildinfo", ".eslintcache"])
def test_what_no_build_is_made_of_makes_none(machine: Machine, port: str, name: str) -> None:
    machine.run("run", "--port", port)
    machine.built()
    (machine.dashboard / name).write_text("changed")

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.built() == []


def test_a_source_that_is_gone_is_a_change_too(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    machine.built()
    (machine.dashboard / "src" / "main.tsx").unlink()

    machine.run("run", "--port", port)

    assert machine.built() == ["npm run build"]


@pytest.mark.parametrize("version", ["20.19.0", "20.20.2", "22.12.0", "24.1.0"])
def test_a_node_that_is_fit_is_used(bare: Machine, port: str, version: str) -> None:
    bare.node(version)

    code, said = bare.run("run", "--port", port)

    assert (code, bare.used()) == (0, ["venv", "pip", "pip", "pip"])
    assert "Node" not in said


@pytest.mark.parametrize("version", ["18.20.4", "20.18.3", "21.7.3", "22.11.0"])
def test_for_a_node_too_old_one_of_its_own_is_taken_once(bare: Machine, port: str, version: str) -> None:
    bare.node(version)

    code, said = bare.run("run", "--port", port)

    assert (code, bare.used()) == (0, ["venv", "pip", "pip", "pip", "pip"])
    assert f"with npm on this machine ({bare.programs}/node is {version}): taking one from the Python package" in said
    assert bare.built() == ["npm ci --ignore-scripts", "npm run build"]

    (bare.dashboard / "index.html").write_text("changed")
    assert bare.run("run", "--port", port)[0] == 0
    assert (bare.used(), bare.built()) == ([], ["npm run build"])


def test_without_node_one_of_its_own_is_taken(bare: Machine, port: str) -> None:
    code, said = bare.run("run", "--port", port)

    assert code == 0
    assert "with npm on this machine: taking one" in said
    assert bare.built() == ["npm ci --ignore-scripts", "npm run build"]
    assert (bare.dashboard / "dist" / "index.html").exists()


def test_a_node_without_npm_will_not_do(machine: Machine, port: str) -> None:
    (machine.programs / "npm").unlink()

    assert "taking one from the Python package index" in machine.run("run", "--port", port)[1]


def test_where_no_node_can_be_had_the_api_is_served_all_the_same(machine: Machine, port: str) -> None:
    machine.run("run", "--no-build", "--port", port)
    (machine.programs / "node").unlink()

    code, said = machine.run("run", "--port", port, PIP_SAYS="NewConnectionError: Temporary failure in name resolution")

    assert code == 0
    assert "the package index can't be reached" in said
    assert "Everything else is served: the API" in said
    assert said.splitlines()[-1].startswith(SERVED)


@pytest.mark.parametrize(
    ("npm_says", "message"),
    [
        ("npm error code ENOTFOUND", "the package registry can't be reached. Start again with a network."),
        ("npm error code ECONNREFUSED", "the package registry can't be reached"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "certificate could not be verified. Behind a proxy"),
        ("npm error code EINTEGRITY", "not the one that was locked"),
        ("npm error code ENOSPC", "the disk is full"),
        ("npm error code EUSAGE", "package-lock.json doesn't fit package.json"),
        ("something nobody thought of", "it failed at: 0 packages of the dashboard. See "),
    ],
)
def test_why_it_could_not_be_built_is_said_in_one_line(
    machine: Machine, port: str, npm_says: str, message: str
) -> None:
    code, said = machine.run("run", "--port", port, NPM_SAYS=npm_says)

    [line] = [line for line in said.splitlines() if line.startswith("run: ")]
    assert line.startswith("run: the dashboard could not be built: ")
    assert message in line
    assert (code, said.splitlines()[-1].startswith(SERVED)) == (0, True)
    assert npm_says in (machine.project / ".data" / "setup.log").read_text()

    assert machine.run("run", "--port", port)[0] == 0
    assert (machine.dashboard / "dist" / "index.html").exists(), "the next start goes on"


def test_where_a_build_fails_the_one_before_is_served(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    (machine.dashboard / "index.html").write_text("broken")

    code, said = machine.run("run", "--port", port, BUILD_SAYS="main.tsx:1: no such module")

    assert code == 0
    assert "it failed at: the dashboard" in said
    assert "The one built before is served." in said
    assert (machine.dashboard / "dist" / "index.html").read_text() == "index.html\n"


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_serve() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folder may be closed to other users
        Path(folder).chmod(0o755)
        machine = Machine(Path(folder))
        machine.python("python3", "3.12")
        machine.run("run", "--no-build", "--port", "1")
        machine.dashboard.chmod(0o555)
        nobody = 65534 if os.geteuid() == 0 else None  # root may write anywhere

        code, said = machine.run("run", "--port", "1", user=nobody, DATABASE_URL="postgresql://elsewhere/x")

    assert code == 0
    assert f"could not be built: no permission to write {machine.dashboard}" in said
    assert said.splitlines()[-1].startswith(SERVED)


def test_nothing_is_built_where_nobody_wants_it(machine: Machine, port: str) -> None:
    assert machine.run("run", "--no-build", "--port", port)[0] == 0
    assert machine.built() == []


def test_two_starts_at_once_build_once(machine: Machine, port: str) -> None:
    starts = [machine.start("run", "--port", port) for _ in range(2)]

    assert [start.communicate(timeout=30)[0].count("watchfloor serve") for start in starts] == [1, 1]
    assert machine.built() == ["npm ci --ignore-scripts", "npm run build"]


def test_it_can_be_built_by_itself_and_asked_whether_it_is(machine: Machine) -> None:
    assert "app/dashboard/dist is not what the sources in app/dashboard say" in machine.run("build", "--check")[1]
    assert machine.run("build")[0] == 0
    assert machine.run("build", "--check") == (0, "")
    assert machine.run("build") == (0, "The dashboard is built already.\n")

    (machine.dashboard / "src" / "main.tsx").write_text("changed")
    assert machine.run("build", "--check")[0] == 1


def test_every_check_of_the_dashboard_counts(machine: Machine) -> None:
    for name in ("format:check", "lint", "types", "unit"):
        code, said = machine.run("test", BROKEN=name)

        assert code == 1
        assert f"FAIL dashboard-{name.removesuffix(':check')}" in said
        assert f"     npm run {name}" in said


def test_types_that_are_not_what_the_api_says_fail_the_checks(machine: Machine) -> None:
    code, said = machine.run("test", API_SAYS="what it says now")

    assert code == 1
    assert "FAIL api-types" in said
    assert "+what it says now" in said
    assert "Write them anew: scripts/api-types" in said

    assert machine.run("api-types", API_SAYS="what it says now")[0] == 0
    assert machine.run("test", API_SAYS="what it says now")[0] == 0


def test_a_build_that_fails_fails_the_checks(machine: Machine) -> None:
    code, said = machine.run("test", BUILD_SAYS="main.tsx:1: no such module")

    assert code == 1
    assert "FAIL dashboard-build" in said


@pytest.mark.parametrize(("ci", "code", "word"), [("", 0, "skip"), ("true", 1, "FAIL")])
def test_without_its_packages_its_checks_are_skipped_but_in_ci(machine: Machine, ci: str, code: int, word: str) -> None:
    ended, said = machine.run("test", CI=ci, NPM_SAYS="npm error code ENOTFOUND")

    assert ended == code
    assert f"{word} dashboard" in said
    assert "the package registry can't be reached" in said


def test_in_truth_too_types_of_another_api_are_found_line_by_line(tmp_path: Path) -> None:
    """With our own Node, application and types, one line of which is another."""
    types = (ROOT / "app/dashboard/src/shared/api/schema.d.ts").read_text(encoding="utf-8")
    if not (ROOT / "app/dashboard/node_modules/.bin/openapi-typescript").exists():
        pytest.skip("the dashboard's packages are not installed: scripts/test installs them")
    altered = tmp_path / "schema.d.ts"
    altered.write_text(types.replace("export interface paths {", "export interface addresses {", 1), encoding="utf-8")

    checked = subprocess.run(
        [ROOT / "scripts" / "api-types", "--check", altered], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 1
    assert "-export interface addresses {\n+export interface paths {\n" in checked.stdout
    assert "are not what the API says" in checked.stderr
