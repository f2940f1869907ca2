#!/usr/bin/env bash
# Builds Daybook and opens it with the sample company: in a window, or, where there is no display, at an address for
# the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }

scripts/setup.sh run
. scripts/tools.sh
build_ui

if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  say "Building the window (the first time takes some minutes)"
  cargo build --locked -p daybook-desktop --features custom-protocol
  say "Opening Daybook with the sample company"
  exec "$(target_dir)/debug/daybook-desktop" --sample
fi

say "Building the server (the first time takes some minutes)"
cargo build --locked -p daybook-cli
say "There is no display here. Open this address in a browser on this computer; Ctrl-C ends Daybook"
exec "$(target_dir)/debug/daybook" serve --sample
