# shellcheck shell=bash disable=SC2154
# `promtool`, which tries the alert rules of docs/telemetry. Needs say.sh.

promtool_command() {
  local cached
  cached=$(cache_directory)/bin/promtool
  if has promtool; then
    command -v promtool
  elif [[ -x $cached ]]; then
    printf '%s\n' "$cached"
  else
    return 1
  fi
}

# install_promtool: takes it out of Debian's package prometheus, whose server would start if the package were installed.
install_promtool() (
  bin=$(cache_directory)/bin work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  has apt-get ||
    fail "promtool is missing, and this system has no apt-get: install it (https://prometheus.io/download) so that it is on the PATH"
  cd "$work" || exit
  apt-get -q download prometheus >log 2>&1 || { as_root apt-get -q update && apt-get -q download prometheus; } >log 2>&1 ||
    fail "apt-get download prometheus failed: $(grep '^E:' log | head -n 3 | tr '\n' ' ')"
  { dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool; } 2>log ||
    fail "Debian's package prometheus has no promtool: $(tail -n 1 log)"
  mkdir -p "$bin"
  # Whole or not at all.
  cp usr/bin/promtool "$bin/.promtool.$$"
  mv "$bin/.promtool.$$" "$bin/promtool"
)
