#!/usr/bin/env bash
# Installs what `make run`, `make test` or `make dist` needs and this machine lacks. Says what it does before it does it.
# Debian and Ubuntu: through apt-get. Elsewhere it names what is missing and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
goal=${1:-run}

say() { printf '\n== %s\n' "$*"; }
stop() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# ---- packages of the system ------------------------------------------------------------------------------------

packages=(build-essential pkg-config curl ca-certificates)
window=(libwebkit2gtk-4.1-dev)
case $goal in
  run) if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then packages+=("${window[@]}"); fi ;;
  test) packages+=("${window[@]}" postgresql clamav-daemon chromium fonts-dejavu-core poppler-utils webkit2gtk-driver xauth xvfb) ;;
  dist) packages+=("${window[@]}" file) ;;
  *) stop "scripts/setup.sh run|test|dist" ;;
esac

as_root() {
  if [[ $(id -u) = 0 ]]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else stop "installing packages needs root; run as root: $*"
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) = installed ]] || printf '%s\n' "$package"
  done
}

install_packages() {
  mapfile -t missing < <(missing_packages "${packages[@]}")
  # Ubuntu's chromium is a snap in disguise; any Chromium or Chrome will do.
  if [[ $goal = test ]] && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then
    mapfile -t missing < <(printf '%s\n' "${missing[@]}" | grep -vx chromium || true)
  fi
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sed '/^$/d')
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "Installing packages of the system with apt-get: ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_packages
else
  say "This system has no apt-get. Daybook needs: a C compiler, pkg-config, WebKitGTK 4.1 with headers (not on macOS and Windows); for the tests also PostgreSQL, clamd, Chromium, Xvfb and WebKitWebDriver"
fi

# ---- Rust ------------------------------------------------------------------------------------------------------

wanted_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1) = "$1" ]]; }

rust_version() { rustc --version 2>/dev/null | cut -d' ' -f2; }

install_rust() {
  if ! command -v rustup >/dev/null; then
    local target
    target=$(uname -m)-unknown-linux-gnu
    [[ $(uname -s) = Linux ]] || stop "Rust $wanted_rust or newer is needed: https://rustup.rs"
    say "Installing Rust for this user with its official installer (rustup, into ~/.cargo and ~/.rustup)"
    local work
    work=$(mktemp -d)
    curl -sSf --proto '=https' -o "$work/rustup-init" "https://static.rust-lang.org/rustup/dist/$target/rustup-init"
    curl -sSf --proto '=https' "https://static.rust-lang.org/rustup/dist/$target/rustup-init.sha256" |
      sed "s|[^ ]*rustup-init\$|$work/rustup-init|" | sha256sum --check --quiet
    chmod +x "$work/rustup-init"
    "$work/rustup-init" -y --no-modify-path --profile minimal --component rustfmt --component clippy
    rm -rf "$work"
  else
    say "Updating Rust with rustup"
    rustup toolchain install stable --profile minimal --component rustfmt --component clippy
    rustup default stable
  fi
}

export PATH="$PATH:$HOME/.cargo/bin"
have_rust=$(rust_version || true)
if [[ -z $have_rust ]] || ! at_least "$wanted_rust" "$have_rust"; then
  install_rust
fi
if [[ $goal = test ]] && ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
  say "Adding rustfmt and clippy to Rust"
  rustup component add rustfmt clippy
fi

# ---- Node ------------------------------------------------------------------------------------------------------

wanted_node=20.19.0
node_version() { node --version 2>/dev/null | tr -d v; }

install_node() {
  local candidate
  candidate=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: //p')
  if [[ -n $candidate ]] && at_least "$wanted_node" "$candidate"; then
    say "Installing Node.js $candidate with apt-get"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nodejs
    command -v npm >/dev/null || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends npm
    return
  fi
  [[ $(uname -s) = Linux ]] || stop "Node.js $wanted_node or newer is needed: https://nodejs.org"
  local cpu base archive
  case $(uname -m) in x86_64) cpu=x64 ;; aarch64) cpu=arm64 ;; *) stop "Node.js $wanted_node or newer is needed: https://nodejs.org" ;; esac
  base=https://nodejs.org/dist/latest-v22.x
  archive=$(curl -sSf --proto '=https' "$base/SHASUMS256.txt" | sed -n "s/.*  \(node-v[0-9.]*-linux-$cpu.tar.gz\)$/\1/p")
  say "This system has no Node.js $wanted_node or newer: unpacking $archive from nodejs.org into .tools/"
  mkdir -p .tools
  curl -sSf --proto '=https' -o ".tools/$archive" "$base/$archive"
  (cd .tools && curl -sSf --proto '=https' "$base/SHASUMS256.txt" | grep " $archive\$" | sha256sum --check --quiet)
  tar -xzf ".tools/$archive" -C .tools
  rm ".tools/$archive"
  ln -sfn "${archive%.tar.gz}" .tools/node
}

if [[ -d .tools/node/bin ]]; then PATH="$PWD/.tools/node/bin:$PATH"; fi
have_node=$(node_version || true)
if [[ -z $have_node ]] || ! at_least "$wanted_node" "$have_node"; then
  install_node
fi
