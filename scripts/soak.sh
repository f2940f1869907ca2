#!/usr/bin/env bash
# Devices, servers and a PostgreSQL of their own, killed at random behind a bad network, for MINUTES, in worlds of a minute
# of work each. Ends by itself; the first world that ends with wrong books ends it with its seed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh
minutes=${MINUTES:-10} seed=${FIRST:-1}
[[ $minutes =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { echo "error: MINUTES and FIRST are numbers, for example: make soak MINUTES=10" >&2; exit 2; }
cargo build --locked -p daybook-cli
end=$((SECONDS + minutes * 60))
for ((; SECONDS < end; seed++)); do
  scripts/with-postgres.sh node tests/e2e/processes.mjs "$(target_dir)/debug/daybook" 60 "$seed"
done
echo "no world ended with wrong books"
