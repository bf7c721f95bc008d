#!/bin/sh
# Builds target/sandbox-init and target/sandbox-launch, static, the same bytes from the same sources and compiler. Does nothing when they are
# up to date.
set -eu
cd "$(dirname "$0")"
CC=${CC:-cc}
target=target/sandbox-init
launch=target/sandbox-launch

if [ -x "$target" ] && [ -x "$launch" ] && [ -z "$(find . -maxdepth 1 \( -name '*.c' -o -name '*.h' -o -name build.sh \) -newer "$target")" ]; then
    exit 0
fi
if ! command -v "$CC" >/dev/null 2>&1; then
    echo "sandbox-init: no C compiler ('$CC') on this machine; run ./airlock setup, it installs one" >&2
    exit 2
fi
mkdir -p target
export LC_ALL=C
build() { # RESULT SOURCE...
    result=$1
    shift
    "$CC" -std=c11 -Wall -Wextra -Werror -O2 -static -s -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fno-ident \
        -ffile-prefix-map="$PWD"=. -Wl,--build-id=none -Wl,-z,relro,-z,now -o "$result.new" "$@"
    mv "$result.new" "$result"
}
build "$launch" launch.c
build "$target" main.c requests.c command.c spawn.c guard.c filter.c files.c collect.c proxy.c peer.c tunnels.c frame.c mac.c
