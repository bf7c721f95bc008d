# shellcheck shell=bash
# Runs the Maven wrapper without the chatter of Maven's own libraries. JAVA_HOME is the JDK to use. Needs say.sh
# and jdk.sh.

maven() {
  local options=''
  # From 24 on the machine warns of what Maven's libraries do; older ones do not know these flags.
  if (($(jdk_major "$JAVA_HOME") >= 24)); then
    options='--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED'
  fi
  MAVEN_OPTS="$options ${MAVEN_OPTS:-}" ./mvnw "$@"
}

# The wrapper downloads Maven itself and does not try twice.
fetch_maven() {
  local try
  for try in 1 2 3; do
    if maven --version >/dev/null 2>&1; then return 0; fi
    say "Maven could not be fetched (try $try)"
    sleep $((try * 5))
  done
  maven --version >&2
}
