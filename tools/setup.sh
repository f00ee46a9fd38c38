#!/bin/sh
# Installs what building and running mupac needs and this machine lacks; with --suite, what further tests need as well.
# Says what it does; does nothing when all is there.
set -eu

missing=""
need() { missing="$missing $*"; }

# libclang 17 or newer, from any place mupac itself looks.
has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return 0
    for library in /usr/lib/llvm-*/lib/libclang-*.so*; do
        version=${library#/usr/lib/llvm-}
        version=${version%%/*}
        [ -e "$library" ] && [ "$version" -ge 17 ] 2>/dev/null && return 0
    done
    return 1
}
# A header or library in the compiler's own search path.
has_header() { echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1; }
has_library() { [ "$(cc -print-file-name="$1")" != "$1" ]; }

command -v cc >/dev/null 2>&1 || need gcc libc6-dev
if ! command -v g++ >/dev/null 2>&1; then need g++; fi
has_libclang || need libclang1-22 libclang-common-22-dev
if command -v cc >/dev/null 2>&1; then
    { has_header isl/ctx.h && has_library libisl.a; } || need libisl-dev
    { has_header gmp.h && has_library libgmp.a; } || need libgmp-dev
else
    need libisl-dev libgmp-dev
fi

# The runtime for tests is also built for another processor, and runs there under emulation.
if [ "${1:-}" = --suite ]; then
    command -v aarch64-linux-gnu-g++ >/dev/null 2>&1 || need g++-aarch64-linux-gnu
    command -v qemu-aarch64 >/dev/null 2>&1 || need qemu-user
fi

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "setup: please install, by their Debian names:$missing" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    echo "setup: installing$missing"
    # shellcheck disable=SC2086 # the list is words
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing; } >&2
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "setup: cargo is not on PATH; install Rust from https://rustup.rs" >&2
    exit 1
fi
