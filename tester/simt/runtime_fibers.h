// Fibers: stacks that take turns on the thread of the host that runs a launch.

namespace mupac_simt {

const int most_threads = 1024;
// As many threads as the emulated device keeps resident at a time.
const int processors = 4;
const int most_processor_threads = 2048;
const int most_fibers = processors * most_processor_threads;

static char *stacks;  // most_fibers slots of stack_bytes; the lowest page of each stays unmapped
static Context fiber_contexts[most_fibers];
static Context scheduler_context;
static int fibers_made = 0;

static char *stack_base(int fiber) { return stacks + (size_t)fiber * stack_bytes; }

// Maps one more stack and lets it start at `entry`; returns its number.
static int make_fiber(void (*entry)(void)) {
    if (fibers_made == most_fibers) fail("runtime", "more than %d threads wait at a time", most_fibers);
    int fiber = fibers_made++;
    char *base = stack_base(fiber);
    if (library.mprotect_(base + page_bytes, stack_bytes - page_bytes, PROT_READ | PROT_WRITE) != 0)
        fail("runtime", "cannot map a stack");
    prepare(fiber_contexts[fiber], stack_top(base, fiber), entry);
    return fiber;
}

// Source: FNV-1a, RFC 9923, over words. A stack holds the sanitizer's own red zones, which are read here like the rest.
__attribute__((no_sanitize("address"))) static uint64_t hash_words(uint64_t hash, const char *from, const char *to) {
    for (; from + 8 <= to; from += 8) hash = (hash ^ *(const uint64_t *)from) * 0x100000001b3ull;
    return hash;
}

// A number that stands for the registers and the stack of a fiber that does not run.
static uint64_t fiber_footprint(int fiber) {
    const Context &context = fiber_contexts[fiber];
    uint64_t hash = 0xcbf29ce484222325ull;
#if defined(MUPAC_SIMT_UCONTEXT)
    const char *from = context.low;
    hash = hash_words(hash, (const char *)&context.kept, (const char *)(&context.kept + 1));
#else
    const char *from = (const char *)context.stack_pointer;
#endif
    return hash_words(hash, from, stack_top(stack_base(fiber), fiber));
}

}  // namespace mupac_simt
