#!/bin/sh
# Installs what building and running mupac needs and this machine lacks; with --suite, what further tests need as well,
# and with --pip, Python's installer.
# Says what it does; does nothing when all is there.
set -eu

missing=""
need() { missing="$missing $*"; }
fail() { echo "setup: $1" >&2; exit 1; }

# Rust comes first, since it alone cannot be installed here. The oldest that serves stands in Cargo.toml.
command -v cargo >/dev/null 2>&1 || {
    [ -x "$HOME/.cargo/bin/cargo" ] && fail "cargo is not on PATH yet; run: . \"\$HOME/.cargo/env\""
    fail "cargo is not on PATH; install Rust from https://rustup.rs"
}
least=$(sed -n 's/^rust-version = "1\.\([0-9]*\)".*/\1/p' "$(dirname "$0")/../Cargo.toml")
found=$(cargo --version | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')
[ -z "$found" ] || [ "$found" -ge "$least" ] ||
    fail "Rust 1.$least or later is needed, and cargo is of 1.$found; run: rustup update, or install it from https://rustup.rs"

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
# The newest that this release of the system has.
libclang_packages() {
    for version in 22 21 20 19 18 17; do
        if [ -n "$(apt-cache show "libclang1-$version" 2>/dev/null)" ]; then
            echo "libclang1-$version libclang-common-$version-dev"
            return
        fi
    done
    fail "this system has no package of libclang 17 or newer"
}
# A header or library in the compiler's own search path.
has_header() { echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1; }
has_library() { [ "$(cc -print-file-name="$1")" != "$1" ]; }

command -v cc >/dev/null 2>&1 || need gcc libc6-dev
command -v g++ >/dev/null 2>&1 || need g++
libclang=""
has_libclang || libclang=" libclang"
if command -v cc >/dev/null 2>&1; then
    { has_header isl/ctx.h && has_library libisl.a; } || need libisl-dev
    { has_header gmp.h && has_library libgmp.a; } || need libgmp-dev
else
    need libisl-dev libgmp-dev
fi

case "${1:-}" in
# The runtime for tests is also built for another processor, and runs there under emulation; an example by every build system;
# and pages are shown in a browser.
--suite)
    command -v cmake >/dev/null 2>&1 || need cmake
    command -v meson >/dev/null 2>&1 || need meson ninja-build
    command -v aarch64-linux-gnu-g++ >/dev/null 2>&1 || need g++-aarch64-linux-gnu
    command -v qemu-aarch64 >/dev/null 2>&1 || need qemu-user
    { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 || need chromium
    ;;
--pip) python3 -m pip --version >/dev/null 2>&1 || need python3-pip ;;
esac

[ -n "$missing$libclang" ] || exit 0
command -v apt-get >/dev/null 2>&1 || fail "please install, by their Debian names:$missing$libclang"
as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "there is no sudo; please install as root:$missing$libclang"
    as_root="sudo"
fi
$as_root apt-get update -qq
if [ -n "$libclang" ]; then
    packages=$(libclang_packages)
    need "$packages"
fi
echo "setup: installing$missing"
# What is unpacked tells nobody anything; errors are said on the other stream.
# shellcheck disable=SC2086 # the list is words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
