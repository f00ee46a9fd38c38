#!/bin/sh
# Compiles, checks and measures CUDA texts that mupac wrote, on this machine. It needs nvcc and a C++ compiler; a C compiler
# for comparing times, compute-sanitizer for looking deeper. What is missing is said and never counts as passed.
#
#   sh run.sh [NAME...]        all files of the folder `files`, or those that are named
#
#   NVCC, CXX, CC, COMPUTE_SANITIZER    the tools [nvcc, c++, cc, compute-sanitizer]
#   STAGES    which of "compile correctness sanitize timing" [all]; compiling is part of each
#   ARCH      what to compile for [the GPU of this machine, else sm_90]
#   JOBS      how many compilers run at a time [the number of processors]
#   RESULTS   the file of results [results.jsonl]; an older one is replaced
#
# Standard output is in the Test Anything Protocol. Exit codes: 0 nothing failed, 1 something did, 2 it could not run.
set -u

cd "$(dirname "$0")" || exit 2
root=$(pwd)
build=$root/build
CXX=${CXX:-c++}
CC=${CC:-cc}
SANITIZER=${COMPUTE_SANITIZER:-compute-sanitizer}
STAGES=${STAGES:-compile correctness sanitize timing}
JOBS=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)}
found_by_exit=77

has() { command -v "$1" >/dev/null 2>&1; }
bail_out() {
    echo "Bail out! $1"
    exit 2
}
wants() {
    case " $STAGES " in *" $1 "*) return 0 ;; esac
    return 1
}

MUPAC_RESULTS=$root/results.jsonl
case ${RESULTS:-} in
'') ;;
/*) MUPAC_RESULTS=$RESULTS ;;
*) MUPAC_RESULTS=$root/$RESULTS ;;
esac
MUPAC_TOOL=$(cat support/tool) || exit 2
mkdir -p "$build" || exit 2
TMPDIR=$build
export MUPAC_RESULTS MUPAC_TOOL TMPDIR

has "$CXX" || bail_out "no C++ compiler: $CXX (set CXX)"
"$CXX" -std=c++17 -O1 support/tools.cpp -o "$build/tools" || bail_out "$CXX cannot compile support/tools.cpp"
: >"$MUPAC_RESULTS" || bail_out "cannot write $MUPAC_RESULTS"
echo "TAP version 14"
# Also where the run is broken off: every line before the end stands for itself.
trap '"$build/tools" end' EXIT
trap 'exit 2' HUP INT TERM

if [ -z "${NVCC:-}" ]; then
    NVCC=nvcc
    if ! has nvcc && has /usr/local/cuda/bin/nvcc; then NVCC=/usr/local/cuda/bin/nvcc; fi
fi
if ! has "$SANITIZER" && has "$(dirname "$NVCC")/compute-sanitizer"; then SANITIZER=$(dirname "$NVCC")/compute-sanitizer; fi

# --- the machine ---

MUPAC_COMPILER=
MUPAC_FLAGS=
missing=
libraries=-L$build
if has "$NVCC"; then
    MUPAC_COMPILER=$("$NVCC" --version | grep release | tail -n 1)
    # Where NVIDIA's wheels lay their libraries.
    beside=$(dirname "$(command -v "$NVCC")")/../lib
    if [ -f "$beside/libcudart_static.a" ]; then libraries=-L$beside; fi
else
    missing="no nvcc: $NVCC (set NVCC)"
fi
no_device=$missing
MUPAC_ARCH=sm_90
if [ -z "$missing" ]; then
    if "$NVCC" "$libraries" support/query.cu -o "$build/query" >"$build/query.log" 2>&1; then
        if "$build/query" >"$build/device.sh"; then
            # shellcheck source=/dev/null
            . "$build/device.sh"
            export MUPAC_GPU MUPAC_CAPABILITY MUPAC_DRIVER MUPAC_CUDA
        else
            no_device=$(head -n 1 "$build/device.sh")
        fi
    else
        cat "$build/query.log"
        missing="$NVCC cannot compile support/query.cu"
        no_device=$missing
    fi
fi
ARCH=${ARCH:-$MUPAC_ARCH}
MUPAC_FLAGS="-std=c++17 -O3 -arch=$ARCH -DMUPAC_CPU_THRESHOLD=0"
export MUPAC_COMPILER MUPAC_FLAGS
echo "# compiler: ${MUPAC_COMPILER:-$missing}"
echo "# device: ${MUPAC_GPU:-$no_device}"

# --- files ---

if [ $# -eq 0 ]; then
    for folder in files/*/; do
        name=${folder%/}
        set -- "$@" "${name#files/}"
    done
fi
for name; do
    [ -f "files/$name/out.cu" ] || bail_out "there is no files/$name/out.cu"
done

search_path=${LD_LIBRARY_PATH:-}
# Makes a file the one that results are about.
take() {
    MUPAC_FILE=$1
    MUPAC_TEXT=$("$build/tools" hash "files/$1/out.cu") || exit 2
    # Where the user's own libraries are.
    LD_LIBRARY_PATH=$root/files/$1/lib${search_path:+:$search_path}
    export MUPAC_FILE MUPAC_TEXT LD_LIBRARY_PATH
}
result() { "$build/tools" result "$@"; }

# Prints the words of a file, one a line, as words of a shell.
words_of() { sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/" "$1" | tr '\n' ' '; }
# Runs a command with the words of a file behind its own.
with_words() {
    words=$1
    shift
    eval "set -- \"\$@\" $(words_of "$words")"
    "$@"
}

is_prebuilt() {
    [ "$ARCH" = sm_90 ] && [ -f "files/$1/case.o" ] && [ "$(cat support/prebuilt 2>/dev/null)" = "$MUPAC_COMPILER" ]
}

# --- compiling ---

# The linker sends the start of the program and launches to the harness.
wraps=--wrap=main,--wrap=cudaLaunchKernel,--wrap=__cudaLaunchKernel,--wrap=cudaLaunchCooperativeKernel
wraps=$wraps,--unresolved-symbols=ignore-in-object-files

compile() {
    in=files/$1
    out=$build/$1
    rm -rf "$out"
    mkdir -p "$out" || return 1
    eval "set -- $(words_of "$in/flags.nvcc")"
    if [ -f "$in/tests.txt" ]; then
        object=$out/case.o
        if is_prebuilt "${in#files/}"; then
            object=$in/case.o
        else
            # shellcheck disable=SC2086 # the options are words
            "$NVCC" $MUPAC_FLAGS "$@" -c "$in/case.cu" -o "$object" || return 1
        fi
        with_words "$in/link.nvcc" "$NVCC" "-arch=$ARCH" "$object" "$build/harness.o" "$build/device.o" \
            -o "$out/candidate" "$libraries" -Xlinker "$wraps" -ldl || return 1
    fi
    if [ -f "$in/program.txt" ]; then
        # What the linker is told says nothing to the compiler here either.
        # shellcheck disable=SC2086 # the options are words
        "$NVCC" $MUPAC_FLAGS "$@" -c "$in/out.cu" -o "$out/program.o" || return 1
        with_words "$in/link.nvcc" "$NVCC" "-arch=$ARCH" "$out/program.o" -o "$out/program" "$libraries" || return 1
    fi
    : >"$out/compiled"
}

# The original, twice: as fast as the compiler makes it, and with every operation rounded by itself.
compile_original() {
    in=files/$1
    out=$build/$1
    [ -f "$in/tests.txt" ] || return 0
    eval "set -- $(words_of "$in/flags.c")"
    original_library original "$@" -O3 -march=native && original_library reference "$@" -O1 -ffp-contract=off
}

# What the linker is told says nothing to the compiler: pragmas stay without meaning.
original_library() {
    library=$out/$1
    shift
    "$CC" "$@" -w -fPIC -fvisibility=hidden -c "$in/original_case.c" -o "$library.o" || return 1
    with_words "$in/link.c" "$CC" -shared "$library.o" -o "$library.so" -lm
}

compile_all() {
    "$CXX" -std=c++17 -O2 -Isupport -c support/harness.cpp -o "$build/harness.o" || bail_out "$CXX cannot compile support/harness.cpp"
    "$NVCC" "-arch=$ARCH" -c support/device.cu -o "$build/device.o" || bail_out "$NVCC cannot compile support/device.cu"
    running=0
    for name; do
        {
            mkdir -p "$build"
            compile "$name" >"$build/$name.log" 2>&1
            if [ -f "$build/$name/compiled" ] && wants timing && has "$CC"; then
                compile_original "$name" >"$build/$name.original.log" 2>&1
            fi
        } &
        running=$((running + 1))
        if [ "$running" -ge "$JOBS" ]; then
            wait
            running=0
        fi
    done
    wait
    for name; do
        take "$name"
        if [ -f "$build/$name/compiled" ]; then
            result compile compile pass - ""
        else
            why=$(grep -E 'error|undefined' "$build/$name.log" | head -n 1)
            result compile compile fail compile "${why:-$(tail -n 1 "$build/$name.log")}"
        fi
    done
}

# --- correctness ---

check() {
    take "$1"
    if [ -f "files/$1/tests.txt" ]; then
        "$build/$1/candidate" test "files/$1" || result correctness correctness fail crash "the tests did not start"
    fi
    if [ -f "files/$1/program.txt" ]; then
        rm -rf "$build/$1/program.work"
        "$build/tools" program "$root/files/$1" "$build/$1/program"
    fi
}

# --- looking deeper ---

# A tool is trusted once it has found the bug that was planted for it.
is_trusted() {
    planted=$build/planted-$1
    "$NVCC" "-arch=$ARCH" -lineinfo "support/planted/$1.cu" -o "$planted" "$libraries" >"$planted.log" 2>&1 || return 1
    "$SANITIZER" --tool "$1" --error-exitcode $found_by_exit "$planted" >"$planted.log" 2>&1
    [ $? -eq $found_by_exit ]
}

kind_of() {
    case $1 in
    memcheck) echo out-of-bounds ;;
    racecheck) echo race ;;
    initcheck) echo uninitialised ;;
    synccheck) echo divergent-barrier ;;
    esac
}

sanitize() {
    tool=$1
    shift
    why=
    if [ -n "$no_device" ]; then
        why=$no_device
    elif ! has "$SANITIZER"; then
        why="no compute-sanitizer: $SANITIZER (set COMPUTE_SANITIZER)"
    elif ! is_trusted "$tool"; then
        why="$tool is not usable here: it does not find a planted bug"
    fi
    for name; do
        take "$name"
        if [ -n "$why" ]; then
            result "$tool" "$tool" not-run - "$why"
        elif [ ! -f "$build/$name/compiled" ]; then
            result "$tool" "$tool" not-run - "it does not compile"
        elif [ ! -f "files/$name/tests.txt" ]; then
            result "$tool" "$tool" not-run - "there are no tests of functions"
        else
            log=$build/$name/$tool.log
            "$SANITIZER" --tool "$tool" --error-exitcode $found_by_exit "$build/$name/candidate" small "files/$name" >"$log" 2>&1
            code=$?
            if [ $code -eq $found_by_exit ]; then
                result "$tool" "$tool" fail "$(kind_of "$tool")" "$(grep '^========= [A-Z]' "$log" | sed -n '2p')"
            elif [ $code -gt 1 ]; then
                result "$tool" "$tool" fail crash "exit code $code: $(tail -n 1 "$log")"
            else
                # Values are the business of another stage.
                result "$tool" "$tool" pass - ""
            fi
        fi
    done
}

# --- timing ---

measure() {
    take "$1"
    if ! grep -q '^time' "files/$1/tests.txt" 2>/dev/null; then
        result timing timing not-run - "there is no call to be measured"
    elif [ ! -f "$build/$1/reference.so" ]; then
        result timing timing not-run - "the original was not compiled: no C compiler, or it refuses (set CC)"
    else
        "$build/$1/candidate" time "files/$1" "$build/$1/original.so" "$build/$1/reference.so" ||
            result timing timing fail crash "the measurement did not start"
    fi
}

# Runs a stage on every file that compiles, or says why it does not run.
on_each() {
    stage=$1
    shift
    for name; do
        if [ -n "$no_device" ]; then
            take "$name"
            result "$stage" "$stage" not-run - "$no_device"
        elif [ ! -f "$build/$name/compiled" ]; then
            take "$name"
            result "$stage" "$stage" not-run - "it does not compile"
        else
            case $stage in
            correctness) check "$name" ;;
            timing) measure "$name" ;;
            esac
        fi
    done
}

if [ -n "$missing" ]; then
    for name; do
        take "$name"
        result compile compile not-run - "$missing"
    done
else
    compile_all "$@"
fi
if wants correctness; then on_each correctness "$@"; fi
if wants sanitize; then
    for tool in memcheck racecheck initcheck synccheck; do sanitize $tool "$@"; done
fi
if wants timing; then on_each timing "$@"; fi

grep -q '"verdict":"fail"' "$MUPAC_RESULTS" && exit 1
exit 0
