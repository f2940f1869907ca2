#!/usr/bin/env bash
# Builds the deb and rpm packages of the desktop program, in release.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }

scripts/setup.sh dist
. scripts/tools.sh
build_ui
say "Building the packages in release (ten minutes and more the first time)"
ui/node_modules/.bin/tauri build --bundles deb,rpm --ci -- --locked
# A bundler that skips a format says nothing: look for the files.
ls -l "$(target_dir)"/release/bundle/deb/*.deb "$(target_dir)"/release/bundle/rpm/*.rpm
