#!/bin/sh
# Plays the loop of this example on a copy, without Airlock: red, mended, changed on request, and honest when lost.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
mkdir "$scratch/input"
cp -R "$here" "$scratch/tree"
cp "$here/task.md" "$scratch/input/task.md"
cd "$scratch/tree"

agent() { AIRLOCK_INPUT="$scratch/input" python3 -B tools/agent.py >"$scratch/agent" 2>&1; }
tests() { python3 -B -m unittest -v >"$scratch/tests" 2>&1; }
ok() { printf 'ok    %s\n' "$1"; }
fail() {
    printf 'FAIL  %s\n' "$1" >&2
    cat "$scratch/agent" "$scratch/tests" >&2
    exit 1
}
: >"$scratch/agent"

tests || fail 'the tests of the service as it is are not green'
ok 'the service as it is: tests green'

echo 1 >"$scratch/input/attempt"
agent || fail 'attempt 1: the agent gave up'
if tests; then fail 'attempt 1: the tests should have found the bug'; fi
grep -q '^AssertionError: 148 != 149$' "$scratch/tests" || fail 'attempt 1: red for another reason than the bug'
ok 'attempt 1: tests red, 11 pieces at 15 cost 148 instead of 149'
cp -R "$scratch/tree" "$scratch/red"

echo 2 >"$scratch/input/attempt"
cp "$scratch/tests" "$scratch/input/output.txt"
agent || fail 'attempt 2: the agent gave up'
tests || fail 'attempt 2: the tests are still red'
ok 'attempt 2: the agent read the output and mended it, tests green'

echo 3 >"$scratch/input/attempt"
echo 'Say since when this holds.' >"$scratch/input/reason.txt"
agent || fail 'attempt 3: the agent gave up'
grep -q '^- As the review asked: Say since when this holds.$' CHANGELOG.md || fail 'attempt 3: the request is not in CHANGELOG.md'
tests || fail 'attempt 3: the tests are red'
ok 'attempt 3: a reviewer asked for changes, the candidate is another one, tests green'

cd "$scratch/red"
rm "$scratch/input/reason.txt"
for output in 'Killed' "$(sed 's/ != 149$/ != 150/' "$scratch/input/output.txt")"; do
    printf '%s\n' "$output" >"$scratch/input/output.txt"
    if agent; then fail 'the agent claims to have mended what it cannot understand'; fi
    grep -q '^agent: I give up' "$scratch/agent" || fail 'the agent broke instead of giving up'
done
ok 'output it does not understand: the agent gives up and says so'

echo '# Make it faster' >"$scratch/input/task.md"
if agent; then fail 'the agent took a task it cannot do'; fi
ok 'a task it does not understand: the agent gives up'
[ -z "$(find "$scratch/tree" "$scratch/red" -name __pycache__)" ] || fail 'byte code was left in the tree'
