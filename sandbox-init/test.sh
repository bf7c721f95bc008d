#!/bin/sh
# Builds sandbox-init and runs its own tests: the protocol against the real binary, then the fuzzer under the sanitizers.
# Some checks need root (a uid of their own, process 1, a full disk); without it they are skipped and said so.
set -eu
cd "$(dirname "$0")"
CC=${CC:-cc}
./build.sh
WARN="-std=c11 -Wall -Wextra -Werror"

scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT INT TERM
chmod 755 "$scratch"

echo "== protocol"
cp target/sandbox-init "$scratch/"
"$CC" $WARN -O1 -o "$scratch/protocol_test" test/protocol_test.c test/client.c test/hostile.c test/tunnels.c frame.c mac.c
passed=0 failed=0
if "$scratch/protocol_test" "$scratch" > "$scratch/result"; then :; else failed=1; fi
tail -n 1 "$scratch/result"
counts=$(tail -n 1 "$scratch/result")
case $counts in
    *" passed, "*" failed"*)
        passed=${counts%% *}
        counts=${counts#*, }
        failed=${counts%% *} ;;
    *) failed=1 ;;
esac

count() { # name, command...
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $name" >&2; fi
}

echo "== fuzz"
"$CC" $WARN -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o "$scratch/fuzz" \
    test/fuzz.c requests.c command.c guard.c filter.c files.c collect.c proxy.c peer.c tunnels.c frame.c mac.c
# Leak checking needs ptrace, which containers refuse; nothing here allocates.
export ASAN_OPTIONS=detect_leaks=0
for mode in plain keyed; do
    mkdir "$scratch/$mode"
    count "fuzz $mode" "$scratch/fuzz" "$scratch/$mode" "${FUZZ_ROUNDS:-24000}" "${FUZZ_SEED:-1}" "$mode"
done

echo "== build"
count "--version" sh -c 'test "$(target/sandbox-init --version)" = "sandbox-init 0.1.0 protocol 1"'
cp target/sandbox-init "$scratch/first"
touch main.c
./build.sh
count "the same sources give the same bytes" cmp -s "$scratch/first" target/sandbox-init
count "without a compiler: exit 2 and the way out" sh -c 'touch main.c; out=$(CC=no-such-compiler ./build.sh 2>&1); test $? = 2 && echo "$out" | grep -q "airlock setup"; s=$?; ./build.sh; exit $s'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
