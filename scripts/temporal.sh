# shellcheck shell=bash disable=SC2154
# The `temporal` command, whose dev server `airlock dev` runs. Needs say.sh; $root is the repository.

TEMPORAL_CLI=v1.5.1
# What its go.mod asks for.
TEMPORAL_NEEDS_GO=1.25

temporal_command() {
  local cached
  cached=$(cache_directory)/bin/temporal
  if has temporal; then
    command -v temporal
  elif [[ -x $cached ]]; then
    printf '%s\n' "$cached"
  else
    return 1
  fi
}

# The go command to use; Debian keeps newer ones beside the default.
go_command() {
  local go version
  for go in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go; do
    [[ -x $go ]] || continue
    version=$("$go" env GOVERSION 2>/dev/null) || continue
    version=${version#go}
    if [[ $(printf '%s\n%s\n' "$TEMPORAL_NEEDS_GO" "$version" | sort -V | head -n 1) == "$TEMPORAL_NEEDS_GO" ]]; then
      printf '%s\n' "$go"
      return 0
    fi
  done
  return 1
}

# Puts $1 at its place, whole or not at all.
keep_temporal() {
  local bin
  bin=$(cache_directory)/bin
  mkdir -p "$bin"
  cp "$1" "$bin/.temporal.$$"
  chmod 755 "$bin/.temporal.$$"
  mv "$bin/.temporal.$$" "$bin/temporal"
}

# The download of Temporal's own SDK, where the network allows it.
download_temporal() {
  local java_home=$1 work=$2 classpath
  say "downloading the temporal command with Temporal's SDK"
  (cd "$root" && JAVA_HOME=$java_home ./mvnw -q -B -pl workflows dependency:build-classpath \
    -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test) >"$work/download.log" 2>&1 || return 1
  classpath=$(<"$work/classpath")
  mkdir -p "$work/download"
  timeout 300 "$java_home/bin/java" -cp "$classpath" "$root/scripts/FetchTemporal.java" "$work/download" \
    >"$work/fetched" 2>>"$work/download.log" || return 1
  keep_temporal "$(tail -n 1 "$work/fetched")"
}

build_temporal() {
  local work=$1 go
  go=$(go_command) || return 1
  say "building the temporal command: go install github.com/temporalio/cli/cmd/temporal@$TEMPORAL_CLI (some minutes, once)"
  GOBIN=$work/bin GOFLAGS='' "$go" install -ldflags='-s -w' "github.com/temporalio/cli/cmd/temporal@$TEMPORAL_CLI" \
    >"$work/build.log" 2>&1 || fail "the temporal command could not be built: $(tail -n 3 "$work/build.log" | tr '\n' ' ')"
  keep_temporal "$work/bin/temporal"
}

# install_temporal JDK: downloads it or builds it, and puts it into the cache.
install_temporal() (
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if [[ -n $1 ]] && download_temporal "$1" "$work"; then exit 0; fi
  say "it cannot be downloaded from here"
  build_temporal "$work" ||
    fail "no temporal command: install it (https://docs.temporal.io/cli) so that it is on the PATH, or install Go $TEMPORAL_NEEDS_GO and run this again"
)
