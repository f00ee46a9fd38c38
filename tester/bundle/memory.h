// The memory of one call: what the harness of the tester places for a test (simt/harness_memory.h), used for one test after
// another in one process, since making a context on a GPU takes up to a second.
// It decides nothing about right or wrong.
#ifndef MUPAC_BUNDLE_MEMORY_H
#define MUPAC_BUNDLE_MEMORY_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

// Memory is put back as a whole between calls, so it has no gaps.
#define MUPAC_TEST_ROWS_APART 0
#include "harness.h"
#include "library.h"
#include "harness_values.h"
#include "harness_memory.h"

namespace bundle {

struct Initial {
    char *at;
    std::vector<char> bytes;
};

// The text under test, or its original: its callers, and its globals as they were when the program started.
struct Side {
    int count = 0;
    void (*const *entries)(void) = nullptr;
    std::vector<Initial> globals;
};

enum Doing { surveying, testing, repeating };
static Doing doing;
static jmp_buf surveyed;
static std::vector<Initial> image;  // while repeating: what the buffers held before the first call
static double call_us;              // how long the last call took
static struct timespec call_start;
static void (*before_call)(void), (*after_call)(void);

inline double since(const struct timespec &start) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) * 1e-3;
}

// Calls an entry; its words were parsed before.
inline void call(const Side &side, int entry) {
    if (entry < 0 || entry >= side.count) stop(exit_bad_test);
    for (const Initial &global : side.globals) memcpy(global.at, global.bytes.data(), global.bytes.size());
    global_count = member_count = 0;
    result_scalar = -1;
    side.entries[entry]();
}

// Gives back the memory of a test and forgets its words.
inline void forget() {
    for (int i = 0; i < owner_count; i++) munmap(owners[i]->mapping, owners[i]->mapped_bytes);
    owner_count = key_count = 0;
    image.clear();
    memset(buffers, 0, sizeof buffers);
    memset(parameter_bits, 0, sizeof parameter_bits);
}

// Notes the globals that the entries name, before any of them is called.
inline void survey(Side &side) {
    doing = surveying;
    test_keeps_globals = 1;
    test_spec = "data=- ";
    for (int entry = 0; entry < side.count; entry++) {
        global_count = 0;
        if (setjmp(surveyed) == 0) side.entries[entry]();
        for (int i = 0; i < global_count; i++) {
            const struct global &g = globals[i];
            side.globals.push_back({g.at, std::vector<char>(g.at, g.at + g.records * g.record_bytes)});
        }
        forget();
    }
    doing = testing;
}

}  // namespace bundle

extern "C" {

void mupac_test_begin(void) {
    using namespace bundle;
    if (doing == surveying) longjmp(surveyed, 1);
    if (doing == repeating && !image.empty()) {
        for (const Initial &buffer : image) memcpy(buffer.at, buffer.bytes.data(), buffer.bytes.size());
    } else {
        place_all();
        if (doing == repeating)
            for (int i = 0; i < owner_count; i++) image.push_back({owners[i]->begin, std::vector<char>(owners[i]->begin, owners[i]->end)});
    }
    to_device();
    if (before_call) before_call();
    clock_gettime(CLOCK_MONOTONIC, &call_start);
}

void mupac_test_end(void) {
    using namespace bundle;
    if (after_call) after_call();
    call_us = since(call_start);
    from_device();
}

}  // extern "C"

#endif
