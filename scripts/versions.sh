#!/usr/bin/env bash
# Prints the versions of the real parts on this machine, one a line. Fails if one is missing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/say.sh
. "$root/scripts/say.sh"
# shellcheck source=scripts/engine.sh
. "$root/scripts/engine.sh"
# shellcheck source=scripts/jdk.sh
. "$root/scripts/jdk.sh"
# shellcheck source=scripts/temporal.sh
. "$root/scripts/temporal.sh"
# shellcheck source=scripts/promtool.sh
. "$root/scripts/promtool.sh"

line() {
  [[ -n $2 ]] || fail "$1 is missing: run \`./airlock setup\`"
  printf '%-14s %s\n' "$1" "$2"
}

property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$root/pom.xml" | head -n 1; }

cgroups() { if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then printf v2; else printf v1; fi; }

engine_version() {
  if has docker; then
    docker version --format '{{range .Server.Components}}{{.Name}} {{.Version}}, {{end}}' | sed 's/, $//'
  else
    engine_call /version | grep -o '"Name":"[^"]*","Version":"[^"]*"' |
      sed 's/"Name":"\([^"]*\)","Version":"\([^"]*\)"/\1 \2/' | paste -s -d ',' | sed 's/,/, /g'
  fi
}

temporal_version() {
  local temporal
  temporal=$(temporal_command) || return 0
  "$temporal" --version | head -n 1
}

promtool_version() {
  local promtool
  promtool=$(promtool_command) || return 0
  "$promtool" --version 2>&1 | sed -n '1s/^promtool, version \([^ ]*\).*/\1/p'
}

line 'docker engine' "$(engine_version || true)"
line bubblewrap "$(bwrap --version 2>/dev/null | sed 's/^bubblewrap //' || true)"
line temporal "$(temporal_version)"
line kafka "$(property kafka.version) (from the Maven jars)"
line JDK "$("$(newest_jdk)/bin/java" -version 2>&1 | sed -n 2p)"
line git "$(git --version 2>/dev/null || true)"
line promtool "$(promtool_version)"
line cc "$(cc --version 2>/dev/null | head -n 1 || true)"
line kernel "$(uname -sr)"
line cgroups "$(cgroups)"
line cores "$(getconf _NPROCESSORS_ONLN)"
