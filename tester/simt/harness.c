/* The fixed part of a test program: inputs, guarded buffers and results.
   MUPAC_TEST, a line of words, says which function is called with what; without it the program's own main runs.
   It decides nothing about right or wrong: it writes every byte that the function could have changed to a descriptor. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "harness_confinement.h"

enum { results_descriptor = 198, most_parameters = 64, most_globals = 256, page_bytes = 4096 };
enum { exit_too_large = 98, exit_bad_test = 99 };
static const long long most_bytes = 64ll << 20;

/* Positions in mupac_ir::Scalar::ALL. */
enum { t_bool, t_i8, t_u8, t_i16, t_u16, t_i32, t_u32, t_i64, t_u64, t_f32, t_f64, scalar_count };
static const int scalar_bytes[scalar_count] = {1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8};

struct buffer {
    int is_used;
    long long first, count, records, record_bytes; /* an element is `records` records */
    long long low, high; /* the elements that there are; values follow from `first` and `count` alone */
    int is_cut;          /* whether the test names `low` and `high` */
    const struct mupac_test_leaf *leaves;
    int leaf_count;
    int alias_of; /* the buffer that owns the memory, or its own number */
    long long alias_shift; /* element of the owner that its element 0 is */
    char *element_zero;
    char *begin, *end;         /* of an owner: its memory */
    char *touched, *touched_end; /* of an owner: what a traced original touches of it */
};

struct global {
    char *at;
    long long records, record_bytes;
    const struct mupac_test_leaf *leaves;
    int leaf_count;
};

/* The test, as MUPAC_TEST gives it. */
static const char *test_spec;
static int test_entry, test_arm, test_is_start_aligned, test_keeps_globals;
static uint64_t test_seed;
static uint64_t parameter_bits[most_parameters];
static struct buffer buffers[most_parameters];
static struct buffer *owners[most_parameters]; /* those that have memory of their own */
static int owner_count = 0;
static struct global globals[most_globals];
static int global_count = 0;
static uint64_t result_bits;
static int result_scalar = -1;

static void stop(int code) {
    fflush(NULL);
    _exit(code);
}

/* --- values --- */

static uint64_t mix(uint64_t x) { /* splitmix64: Steele, Lea and Flood, OOPSLA 2014 */
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

static double unit(uint64_t random) { return (double)(int64_t)(random >> 11) / 4503599627370496.0 - 1.0; }

/* Which of several patterns the values of a stream follow, another one in another test; streams of one buffer lie next to
   one another. */
static int pattern(uint64_t stream, int count) {
    return (int)((stream / 4096 + stream % 4096 + mix(test_seed) % 64) % (uint64_t)count);
}

/* Numbers that the function names. */
enum { most_keys = 32 };
static double keys[most_keys];
static int key_count = 0;

/* One of them, or a neighbour. */
static double key_value(uint64_t r) {
    double key = key_count ? keys[r % (uint64_t)key_count] : 0.0;
    return key + (double)((int64_t)(mix(r) % 3) - 1);
}

static double float_value(uint64_t r, uint64_t stream, long long index, long long count, int is_single) {
    double extreme = is_single ? 3.4028234663852886e38 : 1.7976931348623157e308;
    double least = is_single ? 1.401298464324817e-45 : 4.9406564584124654e-324;
    double special[12] = {0.0, -0.0, 1.0, -1.0, least, -least, extreme, -extreme, 0.0, 0.0, 0.0, 0.5};
    switch (test_arm) {
        case 'B': return (double)((int64_t)(r % 17) - 8);
        case 'C': {
            int exponent = (int)(r % (is_single ? 60u : 400u)) - (is_single ? 30 : 200);
            double value = unit(mix(r));
            for (; exponent > 0; exponent--) value *= 2.0;
            for (; exponent < 0; exponent++) value *= 0.5;
            return value;
        }
        case 'D':
            special[8] = __builtin_inf();
            special[9] = -__builtin_inf();
            special[10] = __builtin_nan("");
            return special[r % 12];
        case 'E':
            switch (pattern(stream, 4)) {
                case 0: return 1.5;
                case 1: return (double)index;
                case 2: return (double)(count - index);
                default: return index == count / 2 ? 1.0 : 0.0;
            }
        case 'F': return r & 1 ? extreme : -extreme;
        case 'K': return key_value(r);
        default: return unit(r);
    }
}

static uint64_t integer_value(uint64_t r, uint64_t stream, long long index, long long count, int scalar) {
    int bits = scalar_bytes[scalar] * 8, is_signed = scalar == t_i8 || scalar == t_i16 || scalar == t_i32 || scalar == t_i64;
    uint64_t greatest = is_signed ? (1ull << (bits - 1)) - 1 : bits == 64 ? ~0ull : (1ull << bits) - 1;
    uint64_t lowest = is_signed ? ~greatest : 0;
    switch (test_arm) {
        case 'B': return r % 9;
        case 'C': return r >> (mix(r) % 64);
        case 'D': {
            uint64_t special[5] = {0, 1, is_signed ? ~0ull : 2, greatest, lowest};
            return special[r % 5];
        }
        case 'E':
            switch (pattern(stream, 4)) {
                case 0: return 3;
                case 1: return (uint64_t)index;
                case 2: return (uint64_t)(count - 1 - index);
                default: return index == count / 2;
            }
        case 'F': return r & 1 ? greatest : lowest;
        case 'G':
            switch (pattern(stream, 3)) {
                case 0: return (uint64_t)(count - 1 - index);
                case 1: return (uint64_t)(index / 2);
                default: return count > 0 ? r % (uint64_t)count : 0;
            }
        case 'H': return r;
        case 'K': return (uint64_t)(int64_t)key_value(r);
        default: return is_signed ? (uint64_t)((int64_t)(r % 201) - 100) : r % 101;
    }
}

static void store(char *at, int scalar, uint64_t stream, long long index, long long count) {
    uint64_t r = mix(mix(test_seed + stream * 0x632be59bd9b4e019ull) + (uint64_t)index);
    if (test_arm == 'H' && scalar != t_bool) {
        memcpy(at, &r, (size_t)scalar_bytes[scalar]);
    } else if (scalar == t_f64) {
        double value = float_value(r, stream, index, count, 0);
        memcpy(at, &value, sizeof value);
    } else if (scalar == t_f32) {
        float value = (float)float_value(r, stream, index, count, 1);
        memcpy(at, &value, sizeof value);
    } else {
        /* Little-endian: the low bytes come first. */
        uint64_t value = scalar == t_bool ? r & 1 : integer_value(r, stream, index, count, scalar);
        memcpy(at, &value, (size_t)scalar_bytes[scalar]);
    }
}

/* Fills records `from` to `from + records` of `all` records. */
static void fill(char *at, long long from, long long records, long long all, long long record_bytes,
                 const struct mupac_test_leaf *leaves, int leaf_count, uint64_t stream) {
    memset(at, 0, (size_t)(records * record_bytes));
    for (long long i = 0; i < records; i++)
        for (int leaf = 0; leaf < leaf_count; leaf++)
            store(at + i * record_bytes + leaves[leaf].offset, leaves[leaf].scalar, stream * 4096 + (uint64_t)leaf, from + i, all);
}

/* --- the test's words --- */

static const char *word_of(const char *spec, const char *name) {
    size_t length = strlen(name);
    for (const char *at = spec; at; at = strchr(at, ' '), at = at ? at + 1 : 0)
        if (strncmp(at, name, length) == 0 && at[length] == '=') return at + length + 1;
    stop(exit_bad_test);
    return 0;
}

/* Puts the values that the test spells out, `data=b0.1:HEX,HEX;g2.0:HEX`, in place of those that follow from its seed. */
static void put(char kind, int number, char *at, long long records, long long record_bytes,
                const struct mupac_test_leaf *leaves, int leaf_count) {
    const char *word = word_of(test_spec, "data");
    while (*word == 'b' || *word == 'g') {
        int of, leaf, used;
        char holder = *word;
        if (sscanf(word + 1, "%d.%d:%n", &of, &leaf, &used) != 2) stop(exit_bad_test);
        word += 1 + used;
        for (long long i = 0; *word && *word != ' ' && *word != ';'; i++) {
            char *end;
            uint64_t bits = strtoull(word, &end, 16); /* little-endian: the low bytes come first */
            if (holder == kind && of == number && leaf < leaf_count && i < records)
                memcpy(at + i * record_bytes + leaves[leaf].offset, &bits, (size_t)scalar_bytes[leaves[leaf].scalar]);
            word = *end == ',' ? end + 1 : end;
        }
        if (*word == ';') word++;
    }
}

static void parse(const char *spec) {
    test_spec = spec;
    test_entry = atoi(word_of(spec, "entry"));
    test_seed = strtoull(word_of(spec, "seed"), 0, 10);
    test_arm = word_of(spec, "arm")[0];
    test_is_start_aligned = word_of(spec, "guard")[0] == 'b';
    test_keeps_globals = word_of(spec, "globals")[0] == 'k';
    const char *at = word_of(spec, "values");
    for (int i = 0; i < most_parameters && *at && *at != ' '; i++) {
        char *end;
        parameter_bits[i] = strtoull(at, &end, 16);
        at = *end == ',' ? end + 1 : end;
    }
    for (int i = 0; i < most_parameters; i++) buffers[i].alias_of = i;
    at = word_of(spec, "alias");
    while (*at && *at != ' ' && *at != '-') { /* b:a:k, separated by commas; `-` for none */
        int alias, owner, used;
        long long shift;
        if (sscanf(at, "%d:%d:%lld%n", &alias, &owner, &shift, &used) != 3 || alias < 0 || alias >= most_parameters || owner < 0 ||
            owner >= most_parameters)
            stop(exit_bad_test);
        buffers[alias].alias_of = owner;
        buffers[alias].alias_shift = shift;
        at += used;
        if (*at == ',') at++;
    }
    if (test_arm == 'K') {
        at = word_of(spec, "keys");
        while (key_count < most_keys && *at && *at != ' ') {
            char *end;
            uint64_t bits = strtoull(at, &end, 16);
            memcpy(&keys[key_count++], &bits, sizeof bits);
            at = *end == ',' ? end + 1 : end;
        }
    }
    at = word_of(spec, "extents");
    while (*at && *at != ' ' && *at != '-') { /* buffer:low:high, separated by commas; `-` for none */
        int buffer, used;
        long long low, high;
        if (sscanf(at, "%d:%lld:%lld%n", &buffer, &low, &high, &used) != 3 || buffer < 0 || buffer >= most_parameters || high < low)
            stop(exit_bad_test);
        buffers[buffer].is_cut = 1;
        buffers[buffer].low = low;
        buffers[buffer].high = high;
        at += used;
        if (*at == ',') at++;
    }
}

long long mupac_test_integer(int parameter) { return (long long)parameter_bits[parameter]; }

int mupac_test_keeps_globals(void) { return test_keeps_globals; }

double mupac_test_float(int parameter) {
    double value;
    memcpy(&value, &parameter_bits[parameter], sizeof value);
    return value;
}

/* --- buffers --- */

void mupac_test_extent(int buffer, long long first, long long count, long long records, long long record_bytes,
                       const struct mupac_test_leaf *leaves, int leaf_count) {
    if (buffer >= most_parameters) stop(exit_bad_test);
    long long bytes;
    if (count < 0) count = 0;
    if (records < 0) stop(exit_too_large);
    if (__builtin_mul_overflow(records, record_bytes, &bytes) || __builtin_mul_overflow(bytes, count, &bytes) || bytes > most_bytes)
        stop(exit_too_large);
    if (first > most_bytes || first < -most_bytes) stop(exit_too_large);
    struct buffer *b = &buffers[buffer];
    b->is_used = 1;
    b->first = first;
    b->count = count;
    if (!b->is_cut) {
        b->low = first;
        b->high = first + count;
    }
    b->records = records;
    b->record_bytes = record_bytes;
    b->leaves = leaves;
    b->leaf_count = leaf_count;
}

static char *element(const struct buffer *b, long long index) { return b->element_zero + index * b->records * b->record_bytes; }

/* Places elements low..high of `b` so that one end of them touches an unmapped page. */
static void place(struct buffer *b, long long low, long long high) {
    long long element_bytes = b->records * b->record_bytes, bytes = (high - low) * element_bytes;
    if (bytes > most_bytes) stop(exit_too_large);
    size_t mapped = ((size_t)bytes + page_bytes - 1) / page_bytes * page_bytes;
    char *base = (char *)mmap(0, mapped + 2 * page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED || (mapped && mprotect(base + page_bytes, mapped, PROT_READ | PROT_WRITE) != 0)) stop(exit_too_large);
    char *start = test_is_start_aligned ? base + page_bytes : base + page_bytes + mapped - bytes;
    b->element_zero = start - low * element_bytes;
    b->begin = start;
    b->end = start + bytes;
    owners[owner_count++] = b;
}

static void place_all(void) {
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *owner = &buffers[i];
        if (!owner->is_used || owner->alias_of != i) continue;
        long long low = owner->low, high = owner->high;
        for (int j = 0; j < most_parameters; j++) {
            const struct buffer *b = &buffers[j];
            if (j == i || !b->is_used || b->alias_of != i || b->low == b->high) continue;
            long long from = b->alias_shift + b->low, to = b->alias_shift + b->high;
            if (low == high) low = from, high = to;
            if (from < low) low = from;
            if (to > high) high = to;
        }
        place(owner, low, high);
    }
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *b = &buffers[i];
        if (!b->is_used || b->alias_of == i) continue;
        if (!buffers[b->alias_of].is_used || buffers[b->alias_of].alias_of != b->alias_of) stop(exit_bad_test);
        b->element_zero = element(&buffers[b->alias_of], b->alias_shift);
    }
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *b = &buffers[i];
        if (!b->is_used) continue;
        long long records = (b->high - b->low) * b->records;
        fill(element(b, b->low), (b->low - b->first) * b->records, records, b->count * b->records, b->record_bytes, b->leaves, b->leaf_count,
             (uint64_t)i);
        put('b', i, element(b, b->low), records, b->record_bytes, b->leaves, b->leaf_count);
    }
}

void *mupac_test_pointer(int buffer) { return buffers[buffer].element_zero; }

void mupac_test_global(int number, void *at, long long records, long long record_bytes, const struct mupac_test_leaf *leaves,
                       int leaf_count, int is_filled) {
    if (global_count == most_globals) stop(exit_bad_test);
    struct global *g = &globals[global_count++];
    g->at = (char *)at;
    g->records = records;
    g->record_bytes = record_bytes;
    g->leaves = leaves;
    g->leaf_count = leaf_count;
    if (is_filled && !test_keeps_globals) fill(g->at, 0, records, records, record_bytes, leaves, leaf_count, 1000u + (uint64_t)number);
    put('g', number, g->at, records, record_bytes, leaves, leaf_count);
}

/* --- what a traced original touches --- */

static int is_traced = 0;

/* The element that the test asks about, and the place that wrote it last. The runtime of a candidate watches it instead. */
static char *watched, *watched_end;
static const void *watched_writer;
extern void mupac_simt_watch(const void *p, size_t bytes) __attribute__((weak));

static void watch(char *at, size_t bytes) {
    watched = at;
    watched_end = at + bytes;
    if (mupac_simt_watch) mupac_simt_watch(at, bytes);
}

/* A traced original is compiled with -fsanitize=thread and linked without it, so that its accesses come here; a candidate
   brings the same functions with its runtime, which then take the place of these.
   Source: the interface of compiler-rt's ThreadSanitizer, tsan_interface.h and tsan_interface_atomic.h. */
static void touch(const volatile void *p, size_t bytes) {
    /* A test that is this long for the original would take seconds where every access of the candidate is watched. */
    static const long long most_accesses = 1ll << 23;
    static long long accesses = 0;
    char *at = (char *)p;
    if (owner_count > 0 && ++accesses > most_accesses) stop(exit_too_large);
    for (int i = 0; i < owner_count; i++) {
        struct buffer *b = owners[i];
        if (at < b->begin || at >= b->end) continue;
        if (!b->touched || at < b->touched) b->touched = at;
        if (at + bytes > b->touched_end) b->touched_end = at + bytes;
    }
}

static void wrote(const volatile void *p, size_t bytes, const void *place) {
    char *at = (char *)p;
    touch(p, bytes);
    if (at < watched_end && watched < at + bytes) watched_writer = place;
}

#define HOOK __attribute__((weak)) extern
#define WROTE(p, bytes) wrote(p, bytes, __builtin_return_address(0))
#define ACCESS(bytes)                                                 \
    HOOK void __tsan_read##bytes(void *p) { touch(p, bytes); }            \
    HOOK void __tsan_write##bytes(void *p) { WROTE(p, bytes); }           \
    HOOK void __tsan_unaligned_read##bytes(void *p) { touch(p, bytes); }  \
    HOOK void __tsan_unaligned_write##bytes(void *p) { WROTE(p, bytes); } \
    HOOK void __tsan_volatile_read##bytes(void *p) { touch(p, bytes); }   \
    HOOK void __tsan_volatile_write##bytes(void *p) { WROTE(p, bytes); }
ACCESS(1) ACCESS(2) ACCESS(4) ACCESS(8) ACCESS(16)

HOOK void __tsan_init(void) { is_traced = 1; }
HOOK void __tsan_func_entry(void *caller) { (void)caller; }
HOOK void __tsan_func_exit(void) {}
HOOK void __tsan_read_range(void *p, unsigned long bytes) { touch(p, bytes); }
HOOK void __tsan_write_range(void *p, unsigned long bytes) { WROTE(p, bytes); }
HOOK void *__tsan_memcpy(void *to, const void *from, size_t bytes) {
    touch(from, bytes);
    WROTE(to, bytes);
    return memcpy(to, from, bytes);
}
HOOK void *__tsan_memmove(void *to, const void *from, size_t bytes) {
    touch(from, bytes);
    WROTE(to, bytes);
    return memmove(to, from, bytes);
}
HOOK void *__tsan_memset(void *to, int value, size_t bytes) {
    WROTE(to, bytes);
    return memset(to, value, bytes);
}
HOOK void __tsan_atomic_thread_fence(int order) { (void)order; __atomic_thread_fence(__ATOMIC_SEQ_CST); }
HOOK void __tsan_atomic_signal_fence(int order) { (void)order; }
#define UPDATE(bits, type, name, operation)                                     \
    HOOK type __tsan_atomic##bits##_##name(volatile type *p, type value, int order) { \
        (void)order;                                                            \
        WROTE(p, sizeof *p);                                                    \
        return operation(p, value, __ATOMIC_SEQ_CST);                           \
    }
#define ATOMIC(bits, type)                                                                                                  \
    UPDATE(bits, type, exchange, __atomic_exchange_n)                                                                       \
    UPDATE(bits, type, fetch_add, __atomic_fetch_add)                                                                       \
    UPDATE(bits, type, fetch_sub, __atomic_fetch_sub)                                                                       \
    UPDATE(bits, type, fetch_and, __atomic_fetch_and)                                                                       \
    UPDATE(bits, type, fetch_or, __atomic_fetch_or)                                                                         \
    UPDATE(bits, type, fetch_xor, __atomic_fetch_xor)                                                                       \
    HOOK type __tsan_atomic##bits##_load(const volatile type *p, int order) {                                               \
        (void)order;                                                                                                        \
        touch(p, sizeof *p);                                                                                                \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                                        \
    }                                                                                                                       \
    HOOK void __tsan_atomic##bits##_store(volatile type *p, type value, int order) {                                        \
        (void)order;                                                                                                        \
        WROTE(p, sizeof *p);                                                                                                \
        __atomic_store_n(p, value, __ATOMIC_SEQ_CST);                                                                       \
    }                                                                                                                       \
    HOOK int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p, type *expected, type value, int a, int b) {     \
        (void)a, (void)b;                                                                                                   \
        WROTE(p, sizeof *p);                                                                                                \
        return __atomic_compare_exchange_n(p, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                       \
    }                                                                                                                       \
    HOOK int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p, type *expected, type value, int a, int b) {       \
        return __tsan_atomic##bits##_compare_exchange_strong(p, expected, value, a, b);                                     \
    }
ATOMIC(8, unsigned char) ATOMIC(16, unsigned short) ATOMIC(32, unsigned) ATOMIC(64, unsigned long)

/* --- results --- */

struct header {
    char magic[4];
    uint8_t kind, scalar;
    uint16_t number;
    uint32_t leaf;
    uint32_t padding;
    int64_t first;
    uint64_t count;
};
enum { kind_buffer, kind_global, kind_result, kind_end, kind_touched, kind_probe, kind_writer };

static void write_all(const void *from, size_t bytes) {
    const char *at = (const char *)from;
    while (bytes > 0) {
        ssize_t written = write(results_descriptor, at, bytes);
        if (written <= 0) _exit(exit_bad_test);
        at += written;
        bytes -= (size_t)written;
    }
}

static void write_header(int kind, int scalar, int number, int leaf, long long first, long long count) {
    struct header h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, "MUPA", 4);
    h.kind = (uint8_t)kind;
    h.scalar = (uint8_t)scalar;
    h.number = (uint16_t)number;
    h.leaf = (uint32_t)leaf;
    h.first = first;
    h.count = (uint64_t)count;
    write_all(&h, sizeof h);
}

static void write_leaf(const char *at, long long records, long long record_bytes, int size) {
    static char chunk[1 << 16];
    size_t used = 0;
    for (long long i = 0; i < records; i++) {
        memcpy(chunk + used, at + i * record_bytes, (size_t)size);
        used += (size_t)size;
        if (used + 8 > sizeof chunk) {
            write_all(chunk, used);
            used = 0;
        }
    }
    write_all(chunk, used);
}

static void write_values(int kind, int number, const char *at, long long first, long long records, long long record_bytes,
                         const struct mupac_test_leaf *leaves, int leaf_count) {
    for (int leaf = 0; leaf < leaf_count; leaf++) {
        write_header(kind, leaves[leaf].scalar, number, leaf, first, records);
        write_leaf(at + leaves[leaf].offset, records, record_bytes, scalar_bytes[leaves[leaf].scalar]);
    }
}

void mupac_test_result(const void *value, int scalar) {
    memcpy(&result_bits, value, (size_t)scalar_bytes[scalar]);
    result_scalar = scalar;
}

static void write_memory(void) {
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (b->is_used)
            write_values(kind_buffer, i, element(b, b->low), b->low * b->records, (b->high - b->low) * b->records, b->record_bytes, b->leaves, b->leaf_count);
    }
    for (int i = 0; i < global_count; i++)
        write_values(kind_global, i, globals[i].at, 0, globals[i].records, globals[i].record_bytes, globals[i].leaves, globals[i].leaf_count);
}

/* The number of the mistake that a text with several makes, 0 for none. */
int mupac_test_mutant(void) {
    static int number = -1;
    if (number < 0) {
        const char *asked = getenv("MUPAC_TEST_MUTANT");
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

int mupac_test_trip(int probe, int goes_on) {
    if (probe < 0 || probe >= most_probes) return goes_on;
    if (!probes[probe].is_open) mupac_test_enter(probe);
    if (goes_on)
        probes[probe].count++;
    else
        close_loop(probe);
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
        if (!b->is_used || b->alias_of != i) continue;
        long long element_bytes = b->records * b->record_bytes, low = b->low, high = b->low;
        if (b->touched && element_bytes > 0) {
            low += (b->touched - b->begin) / element_bytes;
            high += (b->touched_end - b->begin + element_bytes - 1) / element_bytes;
        }
        if (low == b->low && high == b->high) continue;
        write_header(kind_touched, 0, i, 0, low, high - low);
    }
}

/* MUPAC_TEST_WATCH is `b2.0:17`: value 17 of field 0 of buffer 2; `g` for a global. */
static void watch_asked(void) {
    const char *asked = getenv("MUPAC_TEST_WATCH");
    char kind;
    int number, leaf;
    long long index;
    if (!asked) return;
    if (sscanf(asked, "%c%d.%d:%lld", &kind, &number, &leaf, &index) != 4 || number < 0 || leaf < 0 || index < 0) stop(exit_bad_test);
    if (kind == 'b' && number < most_parameters && leaf < buffers[number].leaf_count) {
        const struct buffer *b = &buffers[number];
        watch(element(b, b->low) + index * b->record_bytes + b->leaves[leaf].offset, (size_t)scalar_bytes[b->leaves[leaf].scalar]);
    }
    if (kind == 'g' && number < global_count && leaf < globals[number].leaf_count) {
        const struct global *g = &globals[number];
        watch(g->at + index * g->record_bytes + g->leaves[leaf].offset, (size_t)scalar_bytes[g->leaves[leaf].scalar]);
    }
}

/* With MUPAC_TEST_INPUTS the memory is written as the function would find it, and the function is not called. */
void mupac_test_begin(void) {
    place_all();
    watch_asked();
    if (!getenv("MUPAC_TEST_INPUTS")) return;
    write_memory();
    write_header(kind_end, 0, 0, 0, 0, 0);
    stop(0);
}

void mupac_test_end(void) {
    write_memory();
    if (is_traced) write_touched();
    write_probes();
    if (watched_writer) write_header(kind_writer, 0, 0, 0, (long long)(uintptr_t)watched_writer, 0);
    if (result_scalar >= 0) {
        write_header(kind_result, result_scalar, 0, 0, 0, 1);
        write_all(&result_bits, (size_t)scalar_bytes[result_scalar]);
    }
    write_header(kind_end, 0, 0, 0, 0, 0);
}

/* --- start: the linker sends calls of main here (--wrap=main) --- */

extern int __real_main(int, char **, char **) __attribute__((weak));

int __wrap_main(int argc, char **argv, char **environment) {
    const char *spec = getenv("MUPAC_TEST");
    if (!spec) atexit(write_probes);
    if (!spec) return __real_main ? __real_main(argc, argv, environment) : exit_bad_test;
    parse(spec);
    if (test_entry < 0 || test_entry >= mupac_test_entry_count) stop(exit_bad_test);
    mupac_test_entries[test_entry]();
    exit(0);
}
