#!/usr/bin/env bash
# Installs what Airlock needs and this machine lacks: airlock setup [--docker] [--bubblewrap] [--temporal] [--demo] [--yes]
# --demo: the little that `airlock demo` needs; with no option everything. Says each thing before doing it, and asks unless --yes.
# airlock setup --topics [--kafka HOST:PORT] [--partitions N] [--replicas N] makes the topics on a Kafka cluster: docs/cli.md.
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

yes=no demo=no only=''

usage() { code=USAGE fail "$1 (usage: airlock setup [--docker] [--bubblewrap] [--temporal] [--demo] [--yes])"; }

wants() { [[ $only == *" $1 "* ]]; }

# confirm WHAT: says what comes, and asks for leave.
confirm() {
  if [[ $yes == yes ]]; then
    say "$1"
    return
  fi
  [[ -t 0 ]] || fail "would $1; there is no terminal to ask on: say --yes"
  local answer
  read -r -p "airlock: $1? [y/N] " answer || true
  [[ $answer == [yY]* ]] || fail "stopped: nothing more was changed"
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 "$@" >>"$apt_log" 2>&1; }

apt_candidate() { [[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ {print $2}') != @(''|'(none)') ]]; }

# The newest JDK that apt has and that is new enough.
jdk_package() {
  LC_ALL=C apt-cache search --names-only '^openjdk-[0-9]+-jdk-headless$' |
    awk -F- -v oldest="$OLDEST_JDK" '$2 + 0 >= oldest {print $2}' | sort -rn | head -n 1 | sed 's/.*/openjdk-&-jdk-headless/'
}

# Fills missing (what a person calls it) and packages (what apt calls it).
find_missing() {
  missing=() packages=()
  if wants base; then
    has flock || { missing+=(flock) && packages+=(util-linux); }
    has git || { missing+=(git) && packages+=(git); }
    newest_jdk >/dev/null || { missing+=("a JDK from $OLDEST_JDK on") && packages+=(JDK); }
  fi
  if wants compiler; then
    has cc || { missing+=('a C compiler') && packages+=(gcc libc6-dev); }
  fi
  if wants bubblewrap; then
    has bwrap || { missing+=(bubblewrap) && packages+=(bubblewrap); }
    # What runs in such a sandbox is the programs of this machine's /usr.
    [[ -x /usr/bin/python3 ]] || { missing+=('python3 in /usr') && packages+=(python3); }
  fi
  if wants producer; then
    # examples/producer, which a test runs.
    /usr/bin/python3 -c 'import kafka' 2>/dev/null || { missing+=('a Kafka client for Python') && packages+=(python3-kafka); }
  fi
  if wants docker; then
    if ! engine_answers && ! has dockerd; then
      missing+=('a Docker engine') packages+=(docker.io)
      if [[ -r /sys/module/apparmor/parameters/enabled && $(</sys/module/apparmor/parameters/enabled) == Y ]]; then packages+=(apparmor); fi
    fi
    has docker || has curl || { missing+=(curl) && packages+=(curl); }
    has debootstrap || { missing+=(debootstrap) && packages+=(debootstrap); }
  fi
}

install_packages() {
  find_missing
  ((${#missing[@]} > 0)) || return 0
  local list
  list=$(IFS=, && printf '%s' "${missing[*]}")
  has apt-get || fail "missing: ${list//,/, }; this system has no apt-get: install them with its own package manager"
  confirm "install with apt-get: ${list//,/, }"
  apt_log=$(mktemp)
  apt update || fail "apt-get update failed: $(tail -n 2 "$apt_log" | tr '\n' ' ')"
  local names=() name
  for name in "${packages[@]}"; do
    if [[ $name == JDK ]]; then
      name=$(jdk_package)
      [[ -n $name ]] || fail "apt has no JDK from $OLDEST_JDK on: install one (any vendor's) below /usr/lib/jvm, or set JAVA_HOME to it"
    fi
    names+=("$name")
  done
  # From Debian 13 on the docker command is a package of its own.
  if [[ " ${names[*]} " == *' docker.io '* ]] && apt_candidate docker-cli; then names+=(docker-cli); fi
  apt install --no-install-recommends "${names[@]}" ||
    fail "apt-get install ${names[*]} failed: $(grep '^E:' "$apt_log" | head -n 3 | tr '\n' ' ') (all of it: $apt_log)"
  rm -f "$apt_log"
}

ensure_engine() {
  if engine_answers; then return 0; fi
  [[ -z ${DOCKER_HOST:-} ]] || fail "no Docker engine answers at $DOCKER_HOST: start it, or unset DOCKER_HOST"
  local socket
  socket=$(engine_socket)
  if [[ -S $socket && ! -w $socket ]]; then
    fail "you may not use the Docker engine at $socket: add yourself to its group (usermod -aG docker $(id -un)) and log in again"
  fi
  confirm "start the Docker engine"
  start_engine
}

ensure_base_image() {
  if "$root/scripts/base-image.sh" --check; then return 0; fi
  confirm "make the sandbox image airlock-base"
  "$root/scripts/base-image.sh"
}

ensure_temporal() {
  if temporal_command >/dev/null; then return 0; fi
  confirm "install the temporal command in $(cache_directory)/bin"
  install_temporal "$(newest_jdk || true)"
}

ensure_promtool() {
  if promtool_command >/dev/null; then return 0; fi
  confirm "install promtool in $(cache_directory)/bin"
  install_promtool
}

while (($# > 0)); do
  case $1 in
    --docker) only+=' docker ' ;;
    --temporal) only+=' temporal ' ;;
    --bubblewrap) only+=' bubblewrap compiler ' ;;
    --demo) demo=yes ;;
    --yes) yes=yes ;;
    -h | --help)
      sed -n 's/^# //p' "${BASH_SOURCE[0]}" | sed -n 1,3p
      exit 0
      ;;
    -o | --output | --state | --as) shift ;; # global, and without a meaning here
    -o* | --output=* | --state=* | --as=* | --debug) ;;
    *) usage "unknown option: $1" ;;
  esac
  shift
done

# An engine that is ready is enough for the demo, and bubblewrap is the one that is quickly had.
if [[ $demo == yes ]]; then
  only+=' compiler '
  "$root/scripts/base-image.sh" --check 2>/dev/null || only+=' bubblewrap '
fi
if [[ -z $only ]]; then only=' base compiler docker bubblewrap temporal producer promtool '; fi

install_packages
if wants docker; then
  ensure_engine
  ensure_base_image
fi
if wants temporal; then ensure_temporal; fi
if wants promtool; then ensure_promtool; fi
if wants compiler; then
  "$root/sandbox-init/build.sh" >&2
  "$root/hostile/build.sh" >&2
fi
# The demo goes on to speak for itself.
if [[ $demo == yes ]]; then exit 0; fi
say "everything is there"
if [[ ${AIRLOCK_SPEAK:-} == json ]]; then printf '{"schema":"airlock/v1","ok":true}\n'; fi
