#!/usr/bin/env bash
# Draws the program's icons from the one picture of the mark, ui/public/daybook.svg, with Chromium.
# The results are committed, so only a changed mark needs a run.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

draw() {
  {
    printf '<style>html,body{margin:0;background:transparent}svg{display:block;width:%spx;height:%spx}</style>' "$1" "$1"
    cat ui/public/daybook.svg
  } >"$work/mark.html"
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
    --window-size="$1,$1" --screenshot="$work/icon.png" "file://$work/mark.html" >/dev/null 2>&1
  mv "$work/icon.png" "src-tauri/icons/$2"
}

draw 1024 icon.png
draw 32 32x32.png
draw 128 128x128.png
draw 256 128x128@2x.png
