#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own: a private cluster in a temporary folder, reached through a
# socket in it, gone afterwards. DAYBOOK_TEST_POSTGRES tells the command where it is, DAYBOOK_TEST_POSTGRES_CRASH names a
# program that lets the server crash and start again. Commits outlive such a crash, though not one of the machine.
set -euo pipefail
[[ $# -gt 0 ]] || { echo "scripts/with-postgres.sh COMMAND…" >&2; exit 2; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[[ -n $bin ]] || bin=$(dirname "$(command -v initdb)") || { echo "error: PostgreSQL is not installed; run scripts/setup.sh test" >&2; exit 1; }

# The path of a socket may have 107 characters at most: stay near the root.
work=$(mktemp -d /tmp/daybook-pg-XXXXXX)
server() { if [[ $(id -u) = 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

finish() {
  local code=$?
  trap - EXIT
  server "$bin/pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ $(id -u) = 0 ]]; then chown postgres "$work"; fi
server "$bin/initdb" -D "$work/data" -U daybook -A trust -E UTF8 --locale=C --no-sync >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; exit 1; }
settings="-c listen_addresses='' -c unix_socket_directories='$work' -c fsync=off -c full_page_writes=off -c max_connections=200"
server "$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -o "$settings" -w start >/dev/null || { cat "$work/server.log" >&2; exit 1; }
server "$bin/createdb" -h "$work" -U daybook daybook
echo "PostgreSQL $("$bin/postgres" --version | cut -d' ' -f3) runs in $work"

cat >"$work/crash" <<CRASH
#!/bin/sh
cd / && $([[ $(id -u) = 0 ]] && echo runuser -u postgres --) "$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -m immediate -w restart >/dev/null
CRASH
chmod +x "$work/crash"

export DAYBOOK_TEST_POSTGRES="host=$work user=daybook dbname=daybook" DAYBOOK_TEST_POSTGRES_CRASH="$work/crash"
"$@"
