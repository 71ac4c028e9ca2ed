"""A machine to try the scripts on: a copy of them, and a PATH with stand-ins for Python and whatever else matters.

The stand-in for Python answers what the scripts ask of it, writes down what it was used for, and "installs" by
writing small programs into .venv/bin.
"""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOLS = "awk bash cat chmod cksum cp dirname env grep head id ls mkdir mktemp mv ps rm sed sleep sort tail touch tr"

PYTHON = r"""#!/bin/sh
# NO_VENV: lacks the venv module. SLOW: seconds to make an environment. PIP_SAYS: its pip fails with that text.
case "$*" in
  *version_info*) echo VERSION ;;
  *"import ensurepip, venv"*) [ -z "$NO_VENV" ] ;;
  "-m venv "*)
    echo venv >>"$USES"
    sleep ${SLOW:-0}
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    echo "#!$3/bin/python" >"$3/bin/pip"
    chmod +x "$3/bin/pip" ;;
  "-m pip --version") ;;
  "-m scripts.checking.secrets") [ "$BROKEN" != secrets ] ;;
  "-m scripts.checking.advisories")
    if [ -n "$ADVISORY" ]; then echo "$ADVISORY"; exit 1; fi
    echo "not reachable: URLError"; exit 77 ;;
  "-m pip "*)
    echo pip >>"$USES"
    if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS"; exit 1; fi
    here=${0%/*}
    for name in watchfloor ruff mypy lint-imports pytest; do
      cp "$PROGRAM" "$here/$name"
    done ;;
  *) cat >/dev/null; exit 1 ;; # a script on standard input: connects to Postgres, which is not there
esac
"""

PROGRAM = r"""#!/bin/sh
# What the stand-in for pip installs. BROKEN: the one that fails. PYTEST_SAYS: the end of pytest's output.
name=${0##*/}
echo "$name" "$@"
if [ "$name" = pytest ]; then echo "${PYTEST_SAYS:-3 passed in 0.01s}"; fi
[ "$name" != "$BROKEN" ]
"""


class Machine:
    """A folder with the project's scripts, and a PATH of the usual tools and what a test adds."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "a project"
        self.uses = folder / "uses"
        self.programs = folder / "programs"
        self.environment = {"PATH": str(self.programs), "HOME": str(folder), "USES": str(self.uses)}
        self.environment["PROGRAM"] = str(folder / "program")
        self.programs.mkdir()
        for tool in TOOLS.split():
            if path := shutil.which(tool):
                (self.programs / tool).symlink_to(path)
        self.write(folder / "program", PROGRAM)
        self.program("uname", "case $1 in -m) echo x86_64 ;; *) echo Linux ;; esac")
        self.program("getconf", "echo glibc 2.36")
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        for name in (
            "pyproject.toml",
            "requirements.lock",
            "requirements-build.lock",
            "requirements-dev.lock",
        ):
            (self.project / name).write_text("package==1\n")

    def program(self, name: str, script: str) -> None:
        self.write(self.programs / name, f"#!/bin/sh\n{script}\n")

    def python(self, name: str, version: str) -> None:
        self.write(self.programs / name, PYTHON.replace("VERSION", version))

    def write(self, path: Path, program: str) -> None:
        path.write_text(program)
        path.chmod(0o755)

    def start(self, *command: str, user: int | None = None, **environment: str) -> subprocess.Popen[str]:
        program = str(self.project / "scripts" / command[0])
        return subprocess.Popen(
            [program, *command[1:]],
            cwd=self.programs,  # anywhere but the project
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=user,
            group=user,
        )

    def run(self, *command: str, user: int | None = None, **environment: str) -> tuple[int, str]:
        """Exit code, and what it said."""
        process = self.start(*command, user=user, **environment)
        said, _ = process.communicate(timeout=30)
        return process.returncode, said

    def used(self) -> list[str]:
        """What Python was used for since the last look."""
        uses = self.uses.read_text().split() if self.uses.exists() else []
        self.uses.unlink(missing_ok=True)
        return uses
