# shellcheck shell=bash
# Finds a Java. Reads `release` files instead of starting machines: a start costs more than the whole search.

OLDEST_JDK=21

# The major version of the JDK at $1, from its release file; nothing if it is none (a compiler is part of it).
jdk_major() {
  local line version
  [[ -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      version=${line#JAVA_VERSION=}
      version=${version//\"/}
      printf '%s\n' "${version%%[.+-]*}"
      return 0
    fi
  done <"$1/release"
  return 1
}

# Directories that may be JDKs, the likeliest first.
jdk_candidates() {
  local java
  printf '%s\n' "${JAVA_HOME:-}"
  printf '%s\n' /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
  if java=$(command -v java 2>/dev/null) && java=$(readlink -f "$java" 2>/dev/null); then
    printf '%s\n' "${java%/bin/java}"
  fi
}

# Prints the home of the JDK to use: JAVA_HOME if that is new enough, else the newest installed. Fails if there is none.
newest_jdk() {
  local home major best='' best_major=0
  while IFS= read -r home; do
    if [[ -z $home ]] || ! major=$(jdk_major "$home") || [[ ! $major =~ ^[0-9]+$ ]]; then continue; fi
    if ((major >= OLDEST_JDK)) && [[ $home == "${JAVA_HOME:-}" ]]; then
      best=$home
      break
    fi
    if ((major >= OLDEST_JDK && major > best_major)); then
      best=$home best_major=$major
    fi
  done < <(jdk_candidates)
  [[ -n $best ]] && printf '%s\n' "$best"
}
