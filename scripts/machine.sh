# Says what is missing on a machine, and how to mend it, before anything is made.
# Sourced by environment.sh. Runs on the bash 3.2 of macOS: no associative arrays, no mapfile, no ${x,,}.

program=${0##*/}

say() { printf '%s\n' "$*"; }

# fail WHAT [WHAT-TO-DO...]: the first line names the problem, the others the way out.
fail() {
  local line
  printf '\n%s: %s\n' "$program" "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# at_least 2.36 2.28: compares the first two numbers of versions.
at_least() {
  local have_major=${1%%.*} need_major=${2%%.*} have_minor need_minor
  have_minor=${1#*.} have_minor=${have_minor%%[!0-9]*}
  need_minor=${2#*.}
  [ "$have_major" -gt "$need_major" ] || { [ "$have_major" -eq "$need_major" ] && [ "${have_minor:-0}" -ge "$need_minor" ]; }
}

check_platform() {
  local system machine libc
  system=$(uname -s) machine=$(uname -m)
  case $system in
    Darwin) ;;
    Linux)
      # cel-expr-python comes as wheels for glibc only; musl's ldd is the one that answers "musl".
      libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || libc=
      case $libc in
        "glibc "*)
          at_least "${libc#glibc }" 2.28 || fail "this Linux has $libc; Watchfloor needs glibc 2.28 or newer." \
            "Use a release from 2019 or later (Debian 10, Ubuntu 20.04, RHEL 8, …) or a container of one." ;;
        *) case $(ldd --version 2>&1) in *musl*) fail "this Linux uses musl libc (Alpine and its like); some dependencies exist for glibc only." \
            "Use a distribution with glibc 2.28 or newer, for example a Debian container." ;; esac ;;
      esac ;;
    MINGW* | MSYS* | CYGWIN*) fail "Windows is supported through WSL only." "Install WSL (wsl --install) and run scripts/$program inside it." ;;
    *) fail "the operating system $system is not supported." "Supported are Linux with glibc 2.28 or newer, and macOS." ;;
  esac
  case $machine in
    x86_64 | amd64 | aarch64 | arm64) ;;
    *) fail "the processor type $machine is not supported: some dependencies exist for x86-64 and ARM64 only." ;;
  esac
}

# version_of PROGRAM: "3.12", or nothing. It must really run: pyenv leaves shims that only print an error.
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

is_supported() { case $1 in 3.11 | 3.12 | 3.13) ;; *) return 1 ;; esac; }

# find_python: sets $python and $python_version, or ends with what was found instead.
find_python() {
  local candidate version path found=""
  for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 python; do
    if path=$(command -v "$candidate" 2>/dev/null); then
      version=$(version_of "$candidate") || version=
      if is_supported "$version"; then
        python=$path python_version=$version
        return
      fi
      found="$found$path ${version:+is }${version:-does not run}; "
    else
      [ "$candidate" != "${PYTHON:-}" ] || found="there is no such program; "
    fi
    # An explicit choice is never silently replaced.
    [ "$candidate" != "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13: ${found%; }."
  done
  fail "no Python 3.11, 3.12 or 3.13 found (${found:-no Python at all; }looked at python3.13, python3.12, python3.11, python3 and python)." \
    "$(python_hint)" "One that stands elsewhere is used with: PYTHON=/path/to/python3.12 scripts/$program"
}

python_hint() {
  if [ "$(uname -s)" = Darwin ]; then say "Install one with: brew install python@3.13   (or from python.org)"
  elif command -v apt-get >/dev/null 2>&1; then say "Install one with: sudo apt-get install python3 python3-venv   (Debian 12, Ubuntu 24.04 or newer)"
  elif command -v dnf >/dev/null 2>&1; then say "Install one with: sudo dnf install python3.12"
  else say "Install one from your system's packages or from python.org."; fi
}

check_venv_module() {
  "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  fail "$python (Python $python_version) lacks the venv module, which is needed to make .venv." \
    "On Debian and Ubuntu: sudo apt-get install python$python_version-venv"
}

# may_write FOLDER: it, or the folder it would be made in, can be written.
may_write() {
  if [ -e "$1" ]; then [ -d "$1" ] && [ -w "$1" ]; else [ -w "${1%/*}" ]; fi
}

check_writable() {
  local folder
  for folder in "$@"; do
    may_write "$folder" || fail "no permission to write ${folder} (as $(id -un 2>/dev/null || id -u))." \
      "It belongs to $(owner_of "$folder"); a read-only mount looks the same. Give yourself the right to write there, or clone to a folder of your own."
  done
}

owner_of() {
  local path=$1
  [ -e "$path" ] || path=${path%/*}
  # shellcheck disable=SC2012  # stat's options differ between Linux and macOS; the owner's name has no blanks
  ls -ld "$path" | awk '{print $3}'
}
