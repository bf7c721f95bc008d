#!/usr/bin/env bash
# Tests everything against the real parts: airlock test [--yes]. A part that is missing fails it; nothing is skipped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/say.sh
. "$root/scripts/say.sh"
# shellcheck source=scripts/engine.sh
. "$root/scripts/engine.sh"
# shellcheck source=scripts/jdk.sh
. "$root/scripts/jdk.sh"
# shellcheck source=scripts/maven.sh
. "$root/scripts/maven.sh"

for argument in "$@"; do
  [[ $argument == --yes ]] || {
    say "unknown option: $argument (usage: airlock test [--yes])"
    exit 2
  }
done

# What this started, this stops.
if ! engine_answers; then trap stop_engine EXIT; fi
"$root/scripts/setup.sh" "$@"
printf 'Tested against:\n'
"$root/scripts/versions.sh"
"$root/sandbox-init/test.sh"
cd "$root"
JAVA_HOME=$(newest_jdk)
export JAVA_HOME
fetch_maven
maven -B verify
