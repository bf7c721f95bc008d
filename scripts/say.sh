# shellcheck shell=bash
# How every script speaks: on stderr, so that stdout stays free for answers.

say() { printf 'airlock: %s\n' "$*" >&2; }

# A text as a JSON string.
json_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//[[:cntrl:]]/ }
  printf '"%s"' "$text"
}

# Ends the script with "could not find out"; with -o json the error is an object on stdout, as everywhere.
fail() {
  if [[ ${AIRLOCK_SPEAK:-} == json ]]; then
    printf '{"schema":"airlock/v1","error":{"code":"%s","message":%s}}\n' "${code:-UNAVAILABLE}" "$(json_string "$*")"
  else
    say "$*"
  fi
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
