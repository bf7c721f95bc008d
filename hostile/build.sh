#!/bin/sh
# Builds target/hostile, the hostile suite's one static binary. Does nothing when it is up to date.
set -eu
cd "$(dirname "$0")"
CC=${CC:-cc}
target=target/hostile

if [ -x "$target" ] && [ -z "$(find . -maxdepth 1 \( -name '*.c' -o -name '*.h' -o -name build.sh \) -newer "$target")" ]; then
    exit 0
fi
if ! command -v "$CC" >/dev/null 2>&1; then
    echo "hostile: no C compiler ('$CC') on this machine; run ./airlock setup, it installs one" >&2
    exit 2
fi
mkdir -p target
export LC_ALL=C
"$CC" -std=c11 -Wall -Wextra -Wno-missing-field-initializers -Werror -O2 -static -s -fstack-protector-strong -fno-ident -pthread -ffile-prefix-map="$PWD"=. \
    -Wl,--build-id=none -o "$target.new" main.c report.c ends.c limits.c pools.c output.c init.c calls.c system.c network.c files.c
mv "$target.new" "$target"
