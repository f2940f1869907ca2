# Sourced by the other scripts: where the tools are, and how the interface is built.

PATH="$PWD/.tools/node/bin:$PATH:$HOME/.cargo/bin"

target_dir() { printf '%s\n' "${CARGO_TARGET_DIR:-$PWD/target}"; }

# Node packages by the lock file, only when it changed since.
node_packages() {
  local lock="$1/package-lock.json" done="$1/node_modules/.package-lock.json"
  if [[ ! -e $done || $lock -nt $done ]]; then
    say "Installing the Node packages of $1/ by their lock file"
    npm --prefix "$1" ci --no-audit --no-fund
  fi
}

# The interface, only when a source of it is newer than what was built.
build_ui() {
  node_packages ui
  if [[ ! -e ui/dist/index.html || -n $(find ui/src ui/public ui/index.html ui/vite.config.ts ui/package-lock.json -newer ui/dist/index.html -print -quit) ]]; then
    say "Building the user interface"
    npm --prefix ui run build
  fi
}
