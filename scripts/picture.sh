#!/usr/bin/env bash
# Records a real demo on a terminal of 100 columns and draws the README's picture from it: scripts/picture.sh
# Needs `script` of util-linux. The transcript is kept beside the picture; a test draws it again and compares.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/say.sh
. "$root/scripts/say.sh"
# shellcheck source=scripts/jdk.sh
. "$root/scripts/jdk.sh"

has script || fail "script is missing: install util-linux"
pictures=$root/docs/pictures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
./airlock --version >&2 # builds, which is no part of the picture
say 'recording: ./airlock demo --kill-worker --yes'
COLUMNS=100 TERM=xterm-256color script --quiet --return --log-out "$work/raw" \
  --command 'stty cols 100; ./airlock demo --kill-worker --yes' </dev/null >/dev/null || fail "the demo failed: $(tail -n 5 "$work/raw")"
mkdir -p "$pictures"
# Without the first and last line, which are those of `script` itself, without what was written over, and without what is this
# machine's own. Two chapters are cut short, where … stands: the picture is of the story, and the difference is in the example.
sed -e '1d;$d' -e 's/\r$//' -e 's/.*\r\x1b\[K//' "$work/raw" |
  sed -e "s|${TMPDIR:-/tmp}/[A-Za-z0-9._-]*|~/demo|g" -e "s|$root|~/airlock|g" |
  awk '
    /^\033\[1m2  / || /^\033\[1m5  / { print; print "   …"; skip = 1; next }
    skip && (/ push  / || /^   evidence/) { skip = 0 }
    skip { next }
    /Try next/ { over = 1 }
    over { next }
    /^$/ && last == "" { next }
    { print; last = $0 }
  ' >"$pictures/demo.txt"
"$(newest_jdk)/bin/java" scripts/TerminalPicture.java "$pictures/demo.txt" "$pictures/demo.svg" './airlock demo --kill-worker --yes'
say "drawn: docs/pictures/demo.svg"
