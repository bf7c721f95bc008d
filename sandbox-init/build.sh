#!/bin/sh
# Builds target/sandbox-init, static, the same bytes from the same sources and compiler. Does nothing when it is up to date.
set -eu
cd "$(dirname "$0")"
CC=${CC:-cc}
target=target/sandbox-init

if [ -x "$target" ] && [ -z "$(find . -maxdepth 1 \( -name '*.c' -o -name '*.h' -o -name build.sh \) -newer "$target")" ]; then
    exit 0
fi
if ! command -v "$CC" >/dev/null 2>&1; then
    echo "sandbox-init: no C compiler ('$CC') on this machine; run ./airlock setup, it installs one" >&2
    exit 2
fi
mkdir -p target
export LC_ALL=C
"$CC" -std=c11 -Wall -Wextra -Werror -O2 -static -s -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fno-ident -ffile-prefix-map="$PWD"=. \
    -Wl,--build-id=none -Wl,-z,relro,-z,now -o "$target.new" main.c requests.c command.c spawn.c filter.c files.c collect.c frame.c mac.c
mv "$target.new" "$target"
