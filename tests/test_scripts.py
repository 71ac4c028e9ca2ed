"""scripts/run and scripts/test on machines that lack something, met with stand-ins on a PATH of their own.

The stand-ins for Python and Node answer what the scripts ask of them and "install" by writing small programs, so that a
whole set-up takes a tenth of a second and needs no network. A real set-up is what .ci/run does.
The stand-ins: tests/machine.py. The dashboard: tests/test_building.py.
"""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import Machine


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Python."""
    return Machine(tmp_path)


@pytest.fixture
def machine(bare: Machine) -> Machine:
    bare.python("python3", "3.12")
    bare.node("20.19.4")
    return bare


@pytest.fixture
def port() -> str:
    """One that was free a moment ago; the stand-in for the server never listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def test_the_first_start_sets_up_and_the_second_starts_neither_python_nor_node(machine: Machine, port: str) -> None:
    first, _ = machine.run("run", "--port", port)
    assert (first, machine.used()) == (0, ["venv", "pip", "pip", "pip"])
    assert machine.built() == ["npm ci --ignore-scripts", "npm run build"]
    machine.program("node", 'echo node >>"$USES"; exit 1')

    second, said = machine.run("run", "--port", port, "--host", "127.0.0.1")

    assert (second, machine.used(), machine.built()) == (0, [], [])
    assert said == f"watchfloor serve --host 127.0.0.1 --port {port}\n"


def test_without_python_it_says_what_to_install(bare: Machine, port: str) -> None:
    code, said = bare.run("run", "--port", port)

    assert code == 1
    assert "no Python 3.11, 3.12 or 3.13 found (no Python at all; looked at python3.13" in said
    assert "PYTHON=/path/to/" in said


def test_a_python_too_old_or_too_new_is_named_with_its_version(bare: Machine, port: str) -> None:
    bare.python("python3", "3.10")
    bare.python("python", "3.14")

    code, said = bare.run("run", "--port", port)

    assert code == 1
    assert "python3 is 3.10" in said
    assert "python is 3.14" in said


def test_a_shim_that_does_not_run_is_passed_over(machine: Machine, port: str) -> None:
    machine.program("python3.13", "echo 'python3.13: command not found' >&2; exit 127")

    code, said = machine.run("run", "--port", port)

    assert code == 0
    assert "Python 3.12" in said


def test_a_python_chosen_by_hand_is_never_replaced_in_silence(machine: Machine, port: str) -> None:
    machine.python("old", "3.9")

    assert "PYTHON=old is not a Python 3.11, 3.12 or 3.13" in machine.run("run", "--port", port, PYTHON="old")[1]
    assert "there is no such program" in machine.run("run", "--port", port, PYTHON="/no/python")[1]


def test_another_python_chosen_by_hand_makes_the_environment_anew(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    machine.python("other", "3.13")
    machine.used()

    code, said = machine.run("run", "--port", port, PYTHON="other")

    assert (code, machine.used()) == (0, ["venv", "pip", "pip", "pip"])
    assert "Python 3.13" in said


def test_a_python_without_venv_is_told_with_the_package_to_install(machine: Machine, port: str) -> None:
    code, said = machine.run("run", "--port", port, NO_VENV="yes")

    assert code == 1
    assert "python3.12-venv" in said


@pytest.mark.parametrize(
    ("program", "script", "message"),
    [
        ("getconf", "echo glibc 2.17", "this Linux has glibc 2.17; Watchfloor needs glibc 2.28"),
        ("getconf", "exit 1", "this Linux uses musl libc"),
        ("uname", "echo MINGW64_NT-10.0", "Windows is supported through WSL only"),
        ("uname", "echo SunOS", "the operating system SunOS is not supported"),
        (
            "uname",
            "case $1 in -m) echo armv7l ;; *) echo Linux ;; esac",
            "the processor type armv7l is not supported",
        ),
    ],
)
def test_an_unsupported_platform_is_named(machine: Machine, port: str, program: str, script: str, message: str) -> None:
    machine.program("ldd", "echo 'musl libc (x86_64)' >&2; exit 1")
    machine.program(program, script)

    code, said = machine.run("run", "--port", port)

    assert code == 1
    assert message in said
    assert machine.used() == []


@pytest.mark.parametrize("glibc", ["2.28", "2.41", "3.0"])
def test_a_new_enough_libc_will_do(machine: Machine, port: str, glibc: str) -> None:
    machine.program("getconf", f"echo glibc {glibc}")

    assert machine.run("run", "--port", port)[0] == 0


@pytest.mark.parametrize(
    ("pip_says", "message"),
    [
        ("NewConnectionError: Temporary failure in name resolution", "the first set-up needs a network"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "certificate could not be verified"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("something nobody thought of", "something nobody thought of"),
    ],
)
def test_the_cause_of_a_failed_set_up_is_said_in_words(
    machine: Machine, port: str, pip_says: str, message: str
) -> None:
    code, said = machine.run("run", "--port", port, PIP_SAYS=pip_says)

    assert code == 1
    assert message in said
    assert machine.run("run", "--port", port)[0] == 0, "the next start goes on"


def test_a_set_up_that_was_killed_is_made_anew(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    (machine.project / ".venv" / ".unfinished").touch()
    machine.used()

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.used() == ["venv", "pip", "pip", "pip"]


def test_new_locks_are_installed_into_the_environment_that_is_there(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    (machine.project / "requirements.lock").write_text("package==2\n")
    machine.used()

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.used() == ["pip", "pip", "pip"]


def test_a_failed_update_does_not_spoil_what_worked(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    machine.used()

    assert machine.run("test", PIP_SAYS="NewConnectionError")[0] == 1
    machine.used()

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.used() == []


def test_a_moved_project_gets_a_new_environment(machine: Machine, port: str) -> None:
    machine.run("run", "--port", port)
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))
    machine.used()

    assert machine.run("run", "--port", port)[0] == 0
    assert machine.used() == ["venv", "pip", "pip", "pip"]


def test_two_starts_at_once_set_up_once(machine: Machine, port: str) -> None:
    starts = [machine.start("run", "--port", port, SLOW="0.5") for _ in range(2)]

    assert [start.communicate(timeout=30)[0].count("watchfloor serve") for start in starts] == [1, 1]
    assert machine.used() == ["venv", "pip", "pip", "pip"]


def test_the_lock_of_a_dead_set_up_is_taken_over(machine: Machine, port: str) -> None:
    lock = machine.project / ".data" / "setup.lock"
    lock.mkdir(parents=True)
    # Alive, but not the one that took the lock: numbers come again after a reboot.
    (lock / "owner").write_text(f"{os.getpid()} Thu Jan  1 00:00:00 1970\n")

    assert machine.run("run", "--port", port)[0] == 0
    assert not lock.exists()


def test_a_taken_port_is_told_before_anything_is_made(machine: Machine, taken_port: str) -> None:
    code, said = machine.run("run", "--port", taken_port)

    assert code == 1
    assert f"port {taken_port} is taken" in said
    assert "scripts/run --port " in said
    assert machine.used() == []


@pytest.mark.parametrize("line", ["LISTEN_PORT={}", "export LISTEN_PORT = '{}'  # ours"])
def test_the_port_of_the_settings_is_the_one_that_is_checked(machine: Machine, taken_port: str, line: str) -> None:
    (machine.project / ".env").write_text(line.format(taken_port) + "\n")

    assert f"port {taken_port} is taken" in machine.run("run")[1]
    assert f"port {taken_port} is taken" in machine.run("run", LISTEN_PORT=taken_port)[1]


@pytest.mark.parametrize("arguments", [["--port"], ["--port", "x"], ["--port=0"], ["--port", "65536"], ["--frob"]])
def test_wrong_usage_is_answered_with_the_usage_and_code_2(machine: Machine, arguments: list[str]) -> None:
    code, said = machine.run("run", *arguments)

    assert code == 2
    assert "Usage: scripts/run" in said


@pytest.mark.parametrize("script", ["run", "test"])
def test_help_needs_nothing(bare: Machine, script: str) -> None:
    code, said = bare.run(script, "--help")

    assert code == 0
    assert said.startswith(f"Usage: scripts/{script}")


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folder may be closed to other users
        Path(folder).chmod(0o755)
        machine = Machine(Path(folder))
        machine.python("python3", "3.12")
        machine.project.chmod(0o555)
        nobody = 65534 if os.geteuid() == 0 else None  # root may write anywhere

        code, said = machine.run("run", "--port", "1", user=nobody)
        machine.project.chmod(0o755)

    assert code == 1
    assert f"no permission to write {machine.project}/.venv" in said


def test_all_checks_run_and_pytest_has_the_last_word(machine: Machine) -> None:
    code, said = machine.run("test", "tests/core", "-k", "retry")

    assert code == 0
    assert [line.split()[:2] for line in said.splitlines() if line.startswith("ok ")] == [
        ["ok", "dashboard-build"],
        ["ok", "format"],
        ["ok", "lint"],
        ["ok", "imports"],
        ["ok", "types"],
        ["ok", "secrets"],
        ["ok", "dashboard-format"],
        ["ok", "dashboard-lint"],
        ["ok", "dashboard-types"],
        ["ok", "dashboard-unit"],
        ["ok", "api-types"],
        ["ok", "pytest"],
    ]
    assert said.splitlines()[-2] == "3 passed in 0.01s"
    assert "skip postgres" in said
    assert "skip browser" in said
    assert "skip advisories       not reachable: URLError" in said


def test_a_package_with_a_known_hole_fails_the_checks(machine: Machine) -> None:
    code, said = machine.run("test", ADVISORY="fastapi 0.1: GHSA-1")

    assert code == 1
    assert "FAIL advisories" in said
    assert "     fastapi 0.1: GHSA-1" in said
    assert "advisories" in said.splitlines()[-1]


def test_a_committed_secret_fails_the_checks(machine: Machine) -> None:
    code, said = machine.run("test", BROKEN="secrets")

    assert code == 1
    assert "FAIL secrets" in said


def test_a_failing_check_shows_what_it_said_and_the_others_still_run(machine: Machine) -> None:
    code, said = machine.run("test", BROKEN="mypy")

    assert code == 1
    assert "FAIL types" in said
    assert "     mypy" in said
    assert "ok   pytest" in said
    assert "FAILED" in said.splitlines()[-1]


def test_failing_tests_are_shown_whole(machine: Machine) -> None:
    code, said = machine.run("test", BROKEN="pytest", PYTEST_SAYS="E   boom\n1 failed, 2 passed in 0.01s")

    assert code == 1
    assert "E   boom" in said


def test_in_ci_a_missing_server_or_browser_is_a_failure(machine: Machine) -> None:
    code, said = machine.run("test", CI="true")

    assert code == 1
    assert "FAIL postgres" in said
    assert "FAIL browser" in said
