# shellcheck shell=bash
# How every script speaks: on stderr, so that stdout stays free for answers.

say() { printf 'airlock: %s\n' "$*" >&2; }

# Ends the script with "could not find out".
fail() {
  say "$*"
  exit 2
}

has() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root; asks sudo when we are not.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    fail "this needs root: $*"
  fi
}

cache_directory() { printf '%s/airlock\n' "${XDG_CACHE_HOME:-$HOME/.cache}"; }
