# shellcheck shell=bash
# The Docker engine: does it answer, start one by hand, stop what we started. Needs say.sh.

engine_socket() {
  case ${DOCKER_HOST:-} in
    '') printf '/var/run/docker.sock\n' ;;
    unix://*) printf '%s\n' "${DOCKER_HOST#unix://}" ;;
    *) return 1 ;;
  esac
}

# Calls the engine's HTTP interface with curl: engine_call PATH [curl options].
engine_call() {
  local path=$1 socket
  shift
  if socket=$(engine_socket); then
    curl --silent --show-error --fail --unix-socket "$socket" "$@" "http://engine$path"
  elif [[ $DOCKER_HOST == tcp://* ]]; then
    curl --silent --show-error --fail "$@" "http://${DOCKER_HOST#tcp://}$path"
  else
    return 1
  fi
}

engine_answers() {
  if has docker; then
    timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
  else
    has curl && engine_call /_ping --max-time 10 >/dev/null 2>&1
  fi
}

ENGINE_PID_FILE=/var/run/docker.pid
ENGINE_LOG=/var/log/airlock-dockerd.log

# Whether a process runs; a zombie has gone, it only waits to be reaped.
runs() {
  local state
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
  [[ -n $state && $state != Z* && $state != X* ]]
}

# A killed daemon leaves its pid file behind, and the next one refuses to start while that pid lives.
remove_stale_pid_file() {
  local pid
  pid=$(as_root cat "$ENGINE_PID_FILE" 2>/dev/null) || return 0
  if ! runs "$pid" || [[ $(cat "/proc/$pid/comm" 2>/dev/null) != dockerd ]]; then
    as_root rm -f "$ENGINE_PID_FILE"
  fi
}

# await_engine HALF-SECONDS [PID]: gives up early when that process has gone.
await_engine() {
  local tries=$1
  while ((tries-- > 0)); do
    if engine_answers; then return 0; fi
    if [[ -n ${2:-} ]] && ! runs "$2"; then return 1; fi
    sleep 0.5
  done
  return 1
}

launch_dockerd() {
  remove_stale_pid_file
  # A session of its own: it lives on when this script or its terminal ends.
  # shellcheck disable=SC2016 # the inner shell's variables
  as_root setsid sh -c 'log=$1; shift; exec dockerd "$@" >>"$log" 2>&1 </dev/null' dockerd "$ENGINE_LOG" "$@" >/dev/null 2>&1 &
  launched=$!
  disown
}

# Starts the engine at the default socket and waits until it answers.
start_engine() {
  if [[ -d /run/systemd/system ]] && has systemctl; then
    say "starting the Docker engine: systemctl start docker"
    as_root systemctl start docker && await_engine 60 && return 0
    fail "the Docker engine does not answer: see journalctl -u docker"
  fi
  say "starting the Docker engine: dockerd (log $ENGINE_LOG, pid file $ENGINE_PID_FILE)"
  # The killed predecessor may be a zombie for some seconds yet: try again.
  local try
  for try in 1 2 3 4; do
    launch_dockerd
    if await_engine 60 "$launched"; then return 0; fi
    stop_engine # one that hangs
    say "dockerd does not answer after try $try"
    sleep $((try * 2))
  done
  say "starting dockerd without a network of its own, which no sandbox needs"
  launch_dockerd --bridge=none --iptables=false --ip6tables=false
  await_engine 120 "$launched" || fail "the Docker engine does not answer: see $ENGINE_LOG"
}

# Stops the engine that start_engine started by hand.
stop_engine() {
  local pid tries=60
  pid=$(as_root cat "$ENGINE_PID_FILE" 2>/dev/null) || return 0
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || return 0
  as_root kill "$pid" 2>/dev/null || return 0
  while runs "$pid" && ((tries-- > 0)); do sleep 0.5; done
  if runs "$pid"; then as_root kill -9 "$pid" 2>/dev/null || true; fi
}
