#!/usr/bin/env bash
# Tests everything against the real parts: airlock test [--yes] [--chaos]. A part that is missing fails it; nothing is skipped.
# --chaos runs the long tests with faults in their place: outages, kills, lost answers. CONTRIBUTING.md says how long they take.
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

yes=() profile=()
while (($# > 0)); do
  case $1 in
    --yes) yes=(--yes) ;;
    --chaos) profile=(-Pchaos) ;;
    -h | --help)
      sed -n 's/^# //p' "${BASH_SOURCE[0]}" | head -n 2
      exit 0
      ;;
    -o | --output | --state | --as) shift ;; # global, and without a meaning here
    -o* | --output=* | --state=* | --as=* | --debug) ;;
    *) code=USAGE fail "unknown option: $1 (usage: airlock test [--yes] [--chaos])" ;;
  esac
  shift
done
unset AIRLOCK_SPEAK

# What this started, this stops.
if ! engine_answers; then trap stop_engine EXIT; fi
"$root/scripts/setup.sh" "${yes[@]}"
printf 'Tested against:\n'
"$root/scripts/versions.sh"
if ((${#profile[@]} == 0)); then "$root/sandbox-init/test.sh"; fi
cd "$root"
JAVA_HOME=$(newest_jdk)
export JAVA_HOME
fetch_maven
# Tests that call the launcher run what Maven has built, and do not build beside it.
export AIRLOCK_BUILD=never
maven -B verify "${profile[@]}"
