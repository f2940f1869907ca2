#!/usr/bin/env bash
# Everything that must hold, from nothing: its own set-up, Rust on both databases, the interface, a real browser against
# the real core, and the real window.
set -euo pipefail
cd "$(dirname "$0")/.."
started=$SECONDS
say() { printf '\n== [%d:%02d] %s\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$*"; }

say "Set-up"
scripts/setup.sh test
. scripts/tools.sh
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export CHROMIUM
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

say "Rust: format"
cargo fmt --check

say "Interface: types, lint, unit tests, build"
node_packages ui
npm --prefix ui run check
npm --prefix ui run lint
npm --prefix ui test
npm --prefix ui run build

say "Rust: lints"
cargo clippy --locked --workspace --exclude daybook-desktop --all-targets -- -D warnings
cargo clippy --locked -p daybook-events --features nats,rabbitmq -- -D warnings

say "Rust: tests on SQLite and PostgreSQL, with clamd"
DAYBOOK_TEST_CLAMD=$(command -v clamd || echo /usr/sbin/clamd)
export DAYBOOK_TEST_CLAMD
scripts/with-postgres.sh cargo test --locked

say "Command line: good input and bad"
cargo build --locked --bins --tests
node tests/e2e/cli.mjs "$(target_dir)/debug/daybook"

say "Central server: its operator and its people, in files and on PostgreSQL"
scripts/with-postgres.sh node tests/e2e/central.mjs "$(target_dir)/debug/daybook"

say "Browser: the interface against the real core"
node tests/e2e/browser.mjs "$(target_dir)/debug/daybook"
node tests/e2e/typed.mjs "$(target_dir)/debug/daybook"

say "Lists: any place, selected rows, kept views, sums, spreadsheets"
node tests/e2e/lists.mjs "$(target_dir)/debug/daybook"

say "Every screen in every look: access, languages, right to left"
node tests/e2e/palette.mjs "$(target_dir)/debug/daybook"
node tests/e2e/looks.mjs "$(target_dir)/debug/daybook"
node tests/e2e/crawl.mjs "$(target_dir)/debug/daybook"

say "Sync: a firm's server and two devices in browsers"
node tests/e2e/sync.mjs "$(target_dir)/debug/daybook"

say "Processes: real devices and servers, killed at random behind a bad network"
scripts/with-postgres.sh node tests/e2e/processes.mjs "$(target_dir)/debug/daybook" 12

say "Window: building it"
cargo build --locked -p daybook-desktop --features custom-protocol

say "Window: the real one, on a display in memory"
xvfb-run -a -s '-screen 0 1280x800x24 -nolisten tcp' node tests/e2e/window.mjs "$(target_dir)/debug/daybook-desktop"

say "All tests passed"
