# Finds what some tests need beside Python: a Postgres server, a Redis and a Chromium.
# Sourced by scripts/test and .ci/run, after environment.sh; find_postgres needs .venv.

local_postgres=postgresql+psycopg://postgres@127.0.0.1:5432/

# answers URL: one query, within three seconds, without a password prompt.
answers() {
  "$venv/bin/python" - "$1" <<'PYTHON' 2>/dev/null
import sys
import psycopg
psycopg.connect(sys.argv[1].replace("postgresql+psycopg:", "postgresql:", 1), connect_timeout=3).execute("select 1")
PYTHON
}

# find_postgres: sets TEST_DATABASE_URL, or $postgres_missing to the reason.
find_postgres() {
  local asked=${TEST_DATABASE_URL:-}
  TEST_DATABASE_URL=${asked:-$local_postgres}
  ! answers "$TEST_DATABASE_URL" || return 0
  TEST_DATABASE_URL=""
  unset TEST_DATABASE_URL
  # Not the URL itself: it may hold a password.
  if [ -n "$asked" ]; then postgres_missing="the server that TEST_DATABASE_URL names does not answer"
  else postgres_missing="none answers at 127.0.0.1:5432 to user postgres without a password; set TEST_DATABASE_URL"; fi
  return 1
}

# find_redis: sets TEST_REDIS_URL, or $redis_missing to the reason.
find_redis() {
  local asked=${TEST_REDIS_URL:-}
  TEST_REDIS_URL=${asked:-redis://127.0.0.1:6379/0}
  ! "$venv/bin/python" -c 'import sys, redis; redis.Redis.from_url(sys.argv[1], socket_timeout=3).ping()' \
    "$TEST_REDIS_URL" 2>/dev/null || return 0
  unset TEST_REDIS_URL
  # Not the URL itself: it may hold a password.
  if [ -n "$asked" ]; then redis_missing="the server that TEST_REDIS_URL names does not answer"
  else redis_missing="none answers at 127.0.0.1:6379; set TEST_REDIS_URL"; fi
  return 1
}

# find_chromium: sets TEST_CHROMIUM to a program that really runs, or $chromium_missing to the reason.
# Ubuntu's chromium-browser is a stub that asks for the snap, so each candidate has to answer. The shell that draws no
# window comes first: with it the tests take two thirds of the time.
find_chromium() {
  local candidate
  for candidate in ${TEST_CHROMIUM:+"$TEST_CHROMIUM"} chromium-headless-shell chromium \
    google-chrome google-chrome-stable chromium-browser \
    "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome \
    "$HOME"/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/* \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if candidate=$(command -v "$candidate" 2>/dev/null) && "$candidate" --version >/dev/null 2>&1; then
      TEST_CHROMIUM=$candidate
      return
    fi
  done
  chromium_missing="no Chromium or Chrome found; install one or set TEST_CHROMIUM"
  return 1
}
