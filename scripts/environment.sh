# Makes .venv from the hash-locked requirements, once, and repairs it where it was left half made or moved.
# Sourced by scripts/run, scripts/build, scripts/test and .ci/run, after they have set $root (physical path) and gone there.
# Runs on the bash 3.2 of macOS: no associative arrays, no mapfile, no ${x,,}; and no empty arrays under `set -u`.

venv=$root/.venv
state=$root/.data
setup_log=$state/setup.log
setup_lock=$state/setup.lock

# shellcheck source=scripts/machine.sh
. "$root/scripts/machine.sh"

# Settings of the person's shell that would lead pip or Python away from .venv.
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_HASHES PIP_REQUIRE_VIRTUALENV

# What an environment was made from. cksum, because it is everywhere and fast, and nobody attacks a stamp.
wanted_stamp() { # wanted_stamp LOCK
  say "$root $(cat "$root/requirements-build.lock" "$root/$1" "$root/pyproject.toml" | cksum)"
}

# environment_ready LOCK: true without starting any Python.
environment_ready() {
  local stamp=$venv/.made-from-$1
  [ -f "$stamp" ] && [ ! -e "$venv/.unfinished" ] && [ -x "$venv/bin/python" ] && [ -x "$venv/bin/watchfloor" ] &&
    [ "$(cat "$stamp")" = "$(wanted_stamp "$1")" ] && { [ -z "${PYTHON:-}" ] || same_python; }
}

same_python() { [ "$(version_of "$PYTHON")" = "$(version_of "$venv/bin/python")" ]; }

# Whether pip may go on in what is there. Programs in a venv carry its absolute path: after a move they start
# the wrong Python or none.
environment_usable() {
  [ ! -e "$venv/.unfinished" ] && [ -x "$venv/bin/pip" ] && head -n 2 "$venv/bin/pip" | grep -qF "$venv/bin/" &&
    is_supported "$(version_of "$venv/bin/python")" && { [ -z "${PYTHON:-}" ] || same_python; } &&
    "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

# prepare LOCK: afterwards .venv holds what LOCK names, and the project itself.
prepare() {
  ! environment_ready "$1" || return 0
  check_platform
  check_writable "$venv" "$state"
  locked make_where_needed "$1"
}

make_where_needed() { environment_ready "$1" || make_environment "$1"; }  # another start may have done it meanwhile

# locked COMMAND...: one set-up at a time.
locked() {
  local code
  mkdir -p "$state"
  take_setup_lock
  trap release_setup_lock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  "$@"
  code=$?
  release_setup_lock
  trap - EXIT INT TERM HUP
  return "$code"
}

make_environment() {
  local packages
  packages=$(grep -c '==' "$root/$1")
  : >"$setup_log"
  made_environment=yes  # what is set up after this writes its part of the log behind it
  if environment_usable; then
    say "Bringing .venv up to date."
  else
    find_python
    check_venv_module
    say "Setting up .venv with Python $python_version ($python); this happens once and takes a minute or two."
    rm -rf "$venv"
    logged "an empty environment" "$python" -m venv "$venv"
  fi
  : >"$venv/.unfinished"  # found by the next start where this one is interrupted
  pip "the tools to build with" --require-hashes --only-binary :all: --requirement requirements-build.lock
  pip "up to $packages packages" --require-hashes --no-build-isolation --requirement "$1"
  pip "Watchfloor itself" --no-deps --no-build-isolation --editable .
  wanted_stamp "$1" >"$venv/.made-from-$1"
  # The development lock holds all of requirements.lock, in the same versions.
  [ "$1" = requirements.lock ] || wanted_stamp requirements.lock >"$venv/.made-from-requirements.lock"
  rm -f "$venv/.unfinished"
}

pip() { # pip WHAT ARGUMENTS...
  local what=$1
  shift
  logged "$what" "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-user --progress-bar off "$@"
}

# logged WHAT COMMAND...: one line of progress; the command's own words go to the log.
logged() {
  local what=$1 started=$SECONDS
  shift
  printf '  %s … ' "$what"
  printf '\n$ %s\n' "$*" >>"$setup_log"
  if "$@" </dev/null >>"$setup_log" 2>&1; then
    printf '%s s\n' "$((SECONDS - started))"
  else
    printf 'failed\n'
    rm -f "$venv/.unfinished"  # pip that fails puts everything back; only a killed one does not
    explain_failure "$what"
  fi
}

# The cause in plain words where pip's log shows it: it buries "no network" under a resolver error.
explain_failure() {
  local log again="Nothing is lost: run scripts/$program again afterwards. The whole log: $setup_log"
  log=$(cat "$setup_log")
  case $log in
    *"No space left on device"*) fail "the disk is full." "$again" ;;
    *CERTIFICATE_VERIFY_FAILED* | *SSLError* | *SSLCertVerificationError*)
      fail "the package index's certificate could not be verified." \
        "Behind a proxy with its own certificate, name it: PIP_CERT=/path/to/ca.pem scripts/$program" "$again" ;;
    *NewConnectionError* | *NameResolutionError* | *ConnectTimeoutError* | *ReadTimeoutError* | *"Connection refused"* | *ProxyError* | *"Network is unreachable"* | *"Failed to resolve"* | *"Failed to establish a new connection"* | *"Temporary failure in name resolution"* | *"Connection broken"* | *ConnectionResetError* | *RemoteDisconnected*)
      fail "the package index can't be reached; the first set-up needs a network." \
        "Check the connection. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL." "$again" ;;
    *"DO NOT MATCH THE HASHES"*)
      fail "a downloaded package is not the one that was locked (its hash differs); nothing of it was installed." \
        "A mirror or proxy may have altered it. See the log: $setup_log" ;;
    *"ermission denied"*) fail "no permission to write a file." "The last lines of $setup_log:" "$(last_lines)" ;;
  esac
  fail "setting up failed at: $1." "The last lines of $setup_log:" "$(last_lines)"
}

last_lines() { tail -n 12 "$setup_log" | sed '2,$s/^/  /'; }

take_setup_lock() {
  local owner told="" failures=0
  until mkdir "$setup_lock" 2>/dev/null; do
    [ -d "$setup_lock" ] || failures=$((failures + 1))
    [ "$failures" -lt 5 ] || fail "the folder $setup_lock can't be made." "Is the disk full?"
    owner=$(cat "$setup_lock/owner" 2>/dev/null) || owner=
    if [ -z "$owner" ]; then  # just made, or its owner died before writing: give it a moment
      sleep 1
      owner=$(cat "$setup_lock/owner" 2>/dev/null) || owner=
    fi
    if ! is_setting_up "$owner"; then
      drop_stale_lock "$owner"
      continue
    fi
    [ -n "$told" ] || say "Another set-up is under way here (process ${owner%% *}); waiting for it."
    told=yes
    sleep 1
  done
  identity "$$" >"$setup_lock/owner"
}

# "123 Fri Nov 20 16:13:10 2026": a number alone may be any process after a reboot. `ps` may be missing in a container.
identity() { printf '%s %s\n' "$1" "$(ps -p "$1" -o lstart= 2>/dev/null)"; }

is_setting_up() { # is_setting_up IDENTITY
  local process=${1%% *}
  [ -n "$process" ] && kill -0 "$process" 2>/dev/null && [ "$(identity "$process")" = "$1" ]
}

# Moved aside first, so that of two that find it stale only one removes it, and never the other's new lock.
drop_stale_lock() {
  local aside=$setup_lock.$$
  mv "$setup_lock" "$aside" 2>/dev/null || return 0
  if [ "$(cat "$aside/owner" 2>/dev/null)" = "$1" ]; then rm -rf "$aside"; else mv "$aside" "$setup_lock"; fi
}

release_setup_lock() {
  case $(cat "$setup_lock/owner" 2>/dev/null) in "$$ "*) rm -rf "$setup_lock" ;; esac
}
