/* The fixed part of a test program: inputs, guarded buffers and results.
   MUPAC_TEST, a line of words, says which function is called with what; without it the program's own main runs.
   It decides nothing about right or wrong: it writes every byte that the function could have changed to a descriptor. */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "harness_clock.h"
#include "harness_confinement.h"
#include "harness_digits.h"
#include "harness_values.h"
#include "harness_memory.h"
#include "harness_results.h"
#include "harness_trace.h"
#include "harness_sample.h"
#include "harness_profile.h"

/* The number of the mistake that a text with several makes, 0 for none. */
int mupac_test_mutant(void) {
    static int number = -1;
    if (number < 0) {
        const char *asked = library.getenv_("MUPAC_TEST_MUTANT");
        number = asked ? atoi(asked) : 0;
    }
    return number;
}

/* --- probes: which outcomes conditions had --- */

enum { most_probes = 4096, no_trip = 1, one_trip = 2, trips = 4, not_taken = 1, taken = 2 };
static struct {
    unsigned char seen, is_open;
    long long count;
} probes[most_probes];

static void close_loop(int probe) {
    if (probes[probe].is_open) probes[probe].seen |= probes[probe].count == 0 ? no_trip : probes[probe].count == 1 ? one_trip : trips;
    probes[probe].is_open = 0;
}

void mupac_test_enter(int probe) {
    if (probe < 0 || probe >= most_probes) return;
    close_loop(probe); /* it was left by a jump */
    probes[probe].is_open = 1;
    probes[probe].count = 0;
}

/* By a traced original in one call that gets memory: a loop that touches nothing may go on for ever. */
static const long long most_iterations = 1ll << 27;
static long long iterations = 0;

int mupac_test_trip(int probe, int goes_on) {
    if (probe < 0 || probe >= most_probes) return goes_on;
    if (!probes[probe].is_open) mupac_test_enter(probe);
    if (!goes_on)
        close_loop(probe);
    else if (++iterations > most_iterations && owner_count > 0)
        stop(exit_too_large);
    else
        probes[probe].count++;
    return goes_on;
}

int mupac_test_branch(int probe, int is_taken) {
    if (probe >= 0 && probe < most_probes) probes[probe].seen |= is_taken ? taken : not_taken;
    return is_taken;
}

static void write_probes(void) {
    for (int i = 0; i < most_probes; i++) {
        close_loop(i);
        if (probes[i].seen) write_header(kind_probe, 0, i, 0, probes[i].seen, 0);
    }
}

/* Says which elements were touched of each buffer that is larger; a pointer that shares its memory with another one has none. */
static void write_touched(void) {
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (!b->is_used || b->alias_of != i || b->global >= 0) continue;
        long long element_bytes = b->records * b->record_bytes, low = b->low, high = b->low;
        if (b->is_touched && element_bytes > 0) {
            low += b->touched / element_bytes;
            high += (b->touched_end + element_bytes - 1) / element_bytes;
            to_whole_rows(b, &low, &high);
        }
        if (low == b->low && high == b->high) continue;
        write_header(kind_touched, 0, i, 0, low, high - low);
    }
}

/* MUPAC_TEST_WATCH is `b2.0:17`: value 17 of field 0 of buffer 2; `g` for a global. */
static void watch_asked(void) {
    const char *asked = library.getenv_("MUPAC_TEST_WATCH");
    char kind;
    int number, leaf;
    long long index;
    if (!asked) return;
    if (sscanf(asked, "%c%d.%d:%lld", &kind, &number, &leaf, &index) != 4 || number < 0 || leaf < 0 || index < 0) stop(exit_bad_test);
    if (kind == 'b' && number < most_parameters && leaf < buffers[number].leaf_count) {
        const struct buffer *b = &buffers[number];
        watch(record_of(b, index) + b->leaves[leaf].mupac_test_offset, (size_t)scalar_bytes[b->leaves[leaf].mupac_test_scalar]);
    }
    if (kind == 'g' && number < global_count && leaf < globals[number].leaf_count) {
        const struct global *g = &globals[number];
        watch(g->at + index * g->record_bytes + g->leaves[leaf].mupac_test_offset, (size_t)scalar_bytes[g->leaves[leaf].mupac_test_scalar]);
    }
}

/* With MUPAC_TEST_INPUTS the memory is written as the function would find it, and the function is not called. */
void mupac_test_begin(void) {
    if (is_traced) watch_faults();
    place_all();
    watch_asked();
    accesses = 0;
    if (is_traced) idle_reads_left = most_idle_reads;
    if (!library.getenv_("MUPAC_TEST_INPUTS")) {
        to_device();
        return;
    }
    write_memory();
    write_places();
    write_header(kind_end, 0, 0, 0, 0, 0);
    stop(0);
}

void mupac_test_end(void) {
    from_device();
    if (!are_rows_linked()) stop(exit_moved);
    if (has_written_sample()) {
        write_header(kind_end, 0, 0, 0, 0, 0);
        return;
    }
    write_memory();
    if (is_traced) write_touched();
    if (is_traced) write_header(kind_work, 0, 0, 0, accesses, 0);
    write_probes();
    if (watched_writer) write_header(kind_writer, 0, 0, 0, (long long)(uintptr_t)watched_writer, 0);
    if (result_scalar >= 0) {
        write_header(kind_result, result_scalar, 0, 0, 0, 1);
        write_all(&result_bits, (size_t)scalar_bytes[result_scalar]);
    }
    write_header(kind_end, 0, 0, 0, 0, 0);
}

/* The C library makes temporary files where a test program may not write. */
__attribute__((weak)) FILE *tmpfile(void) {
    int file = library.open_(".", O_TMPFILE | O_RDWR, 0600);
    return file < 0 ? 0 : fdopen(file, "w+b");
}

/* --- start: the linker sends calls of main here (--wrap=main) --- */

extern int __real_main(int, char **, char **) __attribute__((weak));

int __wrap_main(int argc, char **argv, char **environment) {
    const char *spec = library.getenv_("MUPAC_TEST");
    if (!spec) atexit(write_probes);
    if (!spec) begin_profile();
    if (!spec) choose_digits();
    if (!spec) return __real_main ? __real_main(argc, argv, environment) : exit_bad_test;
    parse(spec);
    if (library.getenv_("MUPAC_TEST_SAMPLE")) most_bytes = INT64_MAX / 4;
    if (test_entry < 0 || test_entry >= mupac_test_entry_count) stop(exit_bad_test);
    mupac_test_entries[test_entry]();
    exit(0);
}
