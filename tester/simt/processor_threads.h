// The threads of a block, and what they wait for.
//
// A fiber runs one thread after the other until one has to wait; then another fiber goes on with the next. So a kernel
// without barriers is a plain loop over its threads.

namespace mupac_simt {

const int most_threads = 1024, lanes = 32;
const int most_shared_bytes = 227 * 1024;

enum State { unborn, running, ready, at_block, at_warp, over };
enum Question { barrier, exchange, ballot, match, reduce };

struct Thread {
    State state;
    uint3 index;
    int fiber;
    // What it offers while it waits, and what it gets.
    Question question;
    unsigned mask, operand;  // of a warp: its lanes, and which lane or which reduction
    int what, predicate;     // of a block
    unsigned long long value, answer;
};

static __thread cudaError_t last_error;
static cudaError_t remember(cudaError_t status) { return last_error = status; }

static pthread_mutex_t device_lock = PTHREAD_MUTEX_INITIALIZER;
static Thread threads[most_threads];
static int thread_count, next_thread;
static Thread *current;
static const Launch *launch;
static uint3 block;

static Context scheduler, fibers[most_threads];
static int fibers_made = 0, idle[most_threads], idle_count = 0;

[[noreturn]] static void stop(const char *why) {
    fprintf(stderr, "mupac: %s in kernel %s\n", why, launch ? launch->kernel : "");
    abort();
}

// What each fiber does, for ever; a program's exceptions and signals have no business here.
static void run_threads() {
    int fiber = fibers_made - 1;
    for (;;) {
        while (next_thread < thread_count) {
            Thread *own = current = &threads[next_thread++];
            own->fiber = fiber;
            own->state = running;
            launch->run(launch->state);
            own->state = over;
        }
        idle[idle_count++] = fiber;
        switch_context(fibers[fiber], scheduler);
    }
}

static int free_fiber() {
    if (idle_count > 0) return idle[--idle_count];
    // Below each stack lies room that nobody may touch.
    const size_t guard_bytes = 64 * 1024;
    void *base = mmap(0, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED || mprotect(base, guard_bytes, PROT_NONE) != 0) stop("no memory for a thread");
    int fiber = fibers_made++;
    prepare(fibers[fiber], stack_top((char *)base, fiber), run_threads);
    return fiber;
}

// The calling thread waits; others go on.
static unsigned long long wait(State state) {
    Thread *own = current;
    own->state = state;
    switch_context(fibers[own->fiber], scheduler);
    current = own;
    return own->answer;
}

static unsigned long long ask_warp(Question question, unsigned mask, unsigned long long value, unsigned operand) {
    current->question = question;
    current->mask = mask;
    current->value = value;
    current->operand = operand;
    return wait(at_warp);
}

static unsigned joined(WarpReduction how, unsigned a, unsigned b) {
    switch (how) {
        case reduce_add: return a + b;
        case reduce_and: return a & b;
        case reduce_or: return a | b;
        case reduce_xor: return a ^ b;
        case reduce_min: return a < b ? a : b;
        case reduce_max: return a > b ? a : b;
        case reduce_min_signed: return (int)a < (int)b ? a : b;
        case reduce_max_signed: return (int)a > (int)b ? a : b;
    }
    return a;
}

// Calls `found` for each lane of a warp that `mask` names and that has not ended.
template <class F> static void each_lane(int first, unsigned mask, F found) {
    for (int lane = 0; lane < lanes && first + lane < thread_count; lane++) {
        Thread &thread = threads[first + lane];
        if (mask >> lane & 1 && thread.state != over) found(thread, lane);
    }
}

static unsigned long long answer_of(const Thread &asking, int first) {
    unsigned long long answer = 0;
    bool is_first = true;
    if (asking.question == exchange) return first + (int)asking.operand < thread_count ? threads[first + asking.operand].value : 0;
    each_lane(first, asking.mask, [&](const Thread &thread, int lane) {
        bool is_in = asking.question == ballot ? thread.value != 0 : thread.value == asking.value;
        if (asking.question == reduce) answer = is_first ? thread.value : joined((WarpReduction)asking.operand, (unsigned)answer, (unsigned)thread.value);
        else if (is_in) answer |= 1u << lane;
        is_first = false;
    });
    return answer;
}

// Lets the lanes go on that all wait for one another; returns whether there are any.
static bool release_warp(int first) {
    bool is_any = false;
    for (int lane = 0; lane < lanes && first + lane < thread_count; lane++) {
        const Thread &asking = threads[first + lane];
        if (asking.state != at_warp) continue;
        bool is_complete = true;
        each_lane(first, asking.mask, [&](const Thread &thread, int) {
            is_complete &= thread.state == at_warp && thread.mask == asking.mask && thread.question == asking.question;
        });
        if (!is_complete) continue;
        unsigned mask = asking.mask;
        each_lane(first, mask, [&](Thread &thread, int) { thread.answer = answer_of(thread, first); });
        each_lane(first, mask, [](Thread &thread, int) { thread.state = ready; });
        is_any = true;
    }
    return is_any;
}

// The same for the whole block.
static bool release_block() {
    int count = 0, holding = 0;
    for (int i = 0; i < thread_count; i++) {
        if (threads[i].state == over) continue;
        if (threads[i].state != at_block) return false;
        count++;
        holding += threads[i].predicate;
    }
    for (int i = 0; i < thread_count; i++) {
        if (threads[i].state == over) continue;
        const int answers[] = {0, holding, holding == count, holding > 0};
        threads[i].answer = (unsigned long long)answers[threads[i].what];
        threads[i].state = ready;
    }
    return count > 0;
}

// With MUPAC_LAUNCHES the program says at its end which kernels it launched, and how often.
struct Launched {
    const char *kernel;
    unsigned long long count;
    Launched *next;
};
static Launched *launched;

static void tell_launches() {
    for (Launched *each = launched; each; each = each->next) fprintf(stderr, "mupac: launched %s %llu times\n", each->kernel, each->count);
}

static void count_launch(const char *kernel) {
    static const char *const asked = getenv("MUPAC_LAUNCHES");
    if (!asked) return;
    Launched *found = launched;
    while (found && strcmp(found->kernel, kernel) != 0) found = found->next;
    if (!found && (found = (Launched *)calloc(1, sizeof *found))) {
        if (!launched) atexit(tell_launches);
        found->kernel = kernel;
        found->next = launched;
        launched = found;
    }
    if (found) found->count++;
}

// A launch is not left in the middle: signals and cancellation wait until it is over, and a child that is forked meanwhile
// by another thread has a device of its own.
static bool is_watching_forks = false;
static void renew_lock() { pthread_mutex_init(&device_lock, 0); }

struct Undisturbed {
    sigset_t signals;
    int cancelling;
    Undisturbed() {
        if (!is_watching_forks) pthread_atfork(0, 0, renew_lock);
        is_watching_forks = true;
        sigset_t all;
        sigfillset(&all);
        const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
        for (int fault : faults) sigdelset(&all, fault);
        pthread_sigmask(SIG_SETMASK, &all, &signals);
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
        pthread_mutex_lock(&device_lock);
    }
    ~Undisturbed() {
        pthread_mutex_unlock(&device_lock);
        pthread_setcancelstate(cancelling, 0);
        pthread_sigmask(SIG_SETMASK, &signals, 0);
    }
    Undisturbed(const Undisturbed &) = delete;
};

static void go_on(int fiber) { switch_context(scheduler, fibers[fiber]); }

static void run_block(dim3 extent) {
    for (int i = 0; i < thread_count; i++) {
        unsigned x = (unsigned)i % extent.x, y = (unsigned)i / extent.x % extent.y, z = (unsigned)i / extent.x / extent.y;
        threads[i].state = unborn;
        threads[i].index = uint3{x, y, z};
    }
    next_thread = 0;
    while (next_thread < thread_count) go_on(free_fiber());
    for (;;) {
        bool is_released = false, is_over = true;
        for (int first = 0; first < thread_count; first += lanes) is_released |= release_warp(first);
        if (!is_released) is_released = release_block();
        for (int i = 0; i < thread_count; i++) {
            if (threads[i].state == ready) {
                threads[i].state = running;
                go_on(threads[i].fiber);
            }
            is_over &= threads[i].state == over;
        }
        if (is_over) return;
        if (!is_released) stop("threads wait for each other at different places");
    }
}

static bool fits(const Configuration &c) {
    unsigned long long count = (unsigned long long)c.block.x * c.block.y * c.block.z;
    return count > 0 && count <= most_threads && c.grid.x > 0 && c.grid.y > 0 && c.grid.z > 0 && c.grid.x <= 0x7fffffffu && c.grid.y <= 65535 &&
           c.grid.z <= 65535 && c.shared_bytes <= most_shared_bytes;
}

}  // namespace mupac_simt

extern "C" {

uint3 mupac_simt_thread_index(void) { return mupac_simt::current->index; }
uint3 mupac_simt_block_index(void) { return mupac_simt::block; }
dim3 mupac_simt_block_extent(void) { return mupac_simt::launch->configuration.block; }
dim3 mupac_simt_grid_extent(void) { return mupac_simt::launch->configuration.grid; }

int mupac_simt_block_barrier(int what, int predicate, int) {
    mupac_simt::current->what = what;
    mupac_simt::current->predicate = predicate;
    return (int)mupac_simt::wait(mupac_simt::at_block);
}
void mupac_simt_warp_barrier(unsigned mask) { mupac_simt::ask_warp(mupac_simt::barrier, mask, 0, 0); }
unsigned long long mupac_simt_warp_exchange(unsigned mask, unsigned long long value, unsigned from) { return mupac_simt::ask_warp(mupac_simt::exchange, mask, value, from); }
unsigned mupac_simt_warp_ballot(unsigned mask, int predicate) { return (unsigned)mupac_simt::ask_warp(mupac_simt::ballot, mask, predicate != 0, 0); }
unsigned mupac_simt_warp_match(unsigned mask, unsigned long long value) { return (unsigned)mupac_simt::ask_warp(mupac_simt::match, mask, value, 0); }
unsigned mupac_simt_warp_reduce(unsigned mask, unsigned value, mupac_simt::WarpReduction how) { return (unsigned)mupac_simt::ask_warp(mupac_simt::reduce, mask, value, how); }
unsigned mupac_simt_lane(void) { return (unsigned)(mupac_simt::current - mupac_simt::threads) % mupac_simt::lanes; }
unsigned mupac_simt_active_mask(void) { return 1u << mupac_simt_lane(); }
void mupac_simt_atomic_access(void *, size_t, int, const void *) {}
void mupac_simt_fence(int) {}
void mupac_simt_judge_argument(const volatile void *) {}
void mupac_simt_trap(void) { mupac_simt::stop("a failed assertion"); }

void *mupac_simt_dynamic_shared(void) {
    alignas(128) static char bytes[mupac_simt::most_shared_bytes];
    return bytes;
}

int mupac_simt_launch(const mupac_simt::Launch *asked) {
    using namespace mupac_simt;
    const Configuration &c = asked->configuration;
    if (!fits(c)) return remember(cudaErrorInvalidConfiguration);
    Undisturbed undisturbed;
    count_launch(asked->kernel);
    launch = asked;
    thread_count = (int)(c.block.x * c.block.y * c.block.z);
    for (block.z = 0; block.z < c.grid.z; block.z++)
        for (block.y = 0; block.y < c.grid.y; block.y++)
            for (block.x = 0; block.x < c.grid.x; block.x++) run_block(c.block);
    launch = 0;
    return cudaSuccess;
}

}  // extern "C"
