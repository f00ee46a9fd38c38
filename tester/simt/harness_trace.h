/* What a traced original touches of its buffers and what it misses, and who writes the element that the test asks about. */
static int is_traced = 0;

/* How much it does. */
static long long accesses = 0;

/* The element that the test asks about, and the place that wrote it last. The runtime of a candidate watches it instead. */
static char *watched, *watched_end;
static const void *watched_writer;
extern void mupac_simt_watch(const void *p, size_t bytes) __attribute__((weak));

static void watch(char *at, size_t bytes) {
    watched = at;
    watched_end = at + bytes;
    if (mupac_simt_watch) mupac_simt_watch(at, bytes);
}

static int lies_around(const struct buffer *b, const char *at) {
    return at >= b->mapping && at < b->mapping + b->mapped_bytes;
}

/* The buffer whose memory or the pages around it hold an address: mostly the one that was asked for last. */
static struct buffer *owner_around(const char *at) {
    static int latest = 0;
    if (latest < owner_count && lies_around(owners[latest], at)) return owners[latest];
    for (int i = 0; i < owner_count; i++)
        if (lies_around(owners[i], at)) return owners[latest = i];
    return 0;
}

/* Says which elements a buffer should have for an access that missed it: those up to that one, and at least four times as
   many as it has. */
static void miss(const struct buffer *b, const char *at) {
    long long element_bytes = element_bytes_of(b), count = b->high - b->low, low = b->low, high = b->high;
    long long more = 3 * (count > 0 ? count : 1), distance = at - b->element_zero;
    if (element_bytes <= 0) return;
    /* What misses a row is taken to be meant for the one before. */
    if (b->row_count > 1 && b->stride > 0 && at >= element(b, b->low)) {
        long long row = (at - element(b, b->low)) / b->stride;
        distance -= (row < b->row_count ? row : b->row_count - 1) * b->stride;
    }
    long long wanted = quotient(distance, element_bytes);
    if (wanted < low) low = wanted < low - more ? wanted : low - more;
    if (wanted >= high) high = wanted >= high + more ? wanted + 1 : high + more;
    write_header(kind_missed, 0, (int)(b - buffers), 0, low, high - low);
}

static void on_fault(int signal_number, siginfo_t *info, void *context) {
    const struct buffer *b = owner_around((const char *)info->si_addr);
    (void)context;
    if (b) miss(b, (const char *)info->si_addr);
    library.signal_(signal_number, SIG_DFL); /* the access runs again and ends the program */
}

/* Has a traced original say what it misses. */
static void watch_faults(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    library.sigaction_(SIGSEGV, &action, 0);
    gap_bytes = 1u << 20;
}

/* By a traced original until it writes something: a loop whose bounds lie in globals may go on for long and do nothing. */
static const long long most_idle_reads = 1ll << 26;
static long long idle_reads_left = INT64_MAX;

/* A traced original is compiled with -fsanitize=thread and linked without it, so that its accesses come here; a candidate
   brings the same functions with its runtime, which then take the place of these.
   Source: the interface of compiler-rt's ThreadSanitizer, tsan_interface.h and tsan_interface_atomic.h. */
static void touch(const volatile void *p, size_t bytes) {
    /* A test that is this long for the original would take seconds where every access of the candidate is watched. */
    static const long long most_accesses = 1ll << 23;
    char *at = (char *)p;
    if ((++accesses > most_accesses && owner_count > 0) || --idle_reads_left < 0) stop(exit_too_large);
    struct buffer *b = owner_around(at);
    if (!b) return;
    long long from = at < b->begin || at >= b->end ? -1 : at - b->begin;
    if (from >= b->stride) from %= b->stride;
    long long to = from + (long long)bytes;
    /* Some of what lies next to a buffer does not fault: its last page is not full. */
    if (from < 0 || from >= row_bytes_of(b)) {
        miss(b, at);
        stop(exit_missed);
    }
    if (!b->is_touched || from < b->touched) b->touched = from;
    if (!b->is_touched || to > b->touched_end) b->touched_end = to;
    b->is_touched = 1;
}

static void wrote(const volatile void *p, size_t bytes, const void *place) {
    char *at = (char *)p;
    touch(p, bytes);
    idle_reads_left = most_idle_reads;
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
