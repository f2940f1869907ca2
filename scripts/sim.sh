#!/usr/bin/env bash
# Plays many simulated worlds of devices and a server, in a fast build: SEEDS of each kind, from FIRST on. The first
# that fails ends it with its seed and a script shortened to what it takes.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh
seeds=${SEEDS:-1000} first=${FIRST:-1000}
[[ $seeds =~ ^[0-9]+$ && $first =~ ^[0-9]+$ ]] || { echo "error: SEEDS and FIRST are numbers, for example: make sim SEEDS=1000" >&2; exit 2; }
DAYBOOK_SEEDS=$seeds DAYBOOK_FIRST_SEED=$first scripts/with-postgres.sh \
  cargo test --locked --profile sim -p daybook-tests --test main -- sync:: --nocapture --test-threads=1
