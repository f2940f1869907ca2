#!/usr/bin/env bash
# Builds the deb and rpm packages of the desktop program, in release.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }

scripts/setup.sh dist
. scripts/tools.sh
build_ui
node_packages installers
say "Building the command line in release"
cargo build --locked --release -p daybook-cli
say "Building the packages in release (ten minutes and more the first time)"
installers/node_modules/.bin/tauri build --bundles deb,rpm --ci -- --locked
# A bundler that skips a format says nothing: look for the files.
ls -l "$(target_dir)"/release/bundle/deb/*.deb "$(target_dir)"/release/bundle/rpm/*.rpm
