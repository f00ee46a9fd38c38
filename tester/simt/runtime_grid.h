// Executes a launch: blocks in turn, the threads of a block as fibers.
//
// A fiber runs one thread after another until a thread has to wait; that thread keeps the fiber and another fiber goes
// on with the rest. A kernel without barriers therefore costs one call for each thread and no switch.
// Blocks and threads run in the order asked for: ascending, descending or shuffled.

namespace mupac_simt {

enum Order { ascending, descending, shuffled };
enum ThreadState { not_started, ready, running, at_block_barrier, at_warp_barrier, finished };

enum Meeting { warp_barrier, warp_exchange, warp_vote };

struct Thread {
    ThreadState state;
    int fiber;
    // What it waits for among the lanes of its warp, what it brings and what it gets.
    unsigned mask;
    Meeting meeting;
    unsigned from;
    unsigned long long offer, result;
};

static Order order = ascending;
static uint64_t order_seed = 0;

static const Launch *current_launch = 0;
static bool in_kernel = false;
static uint3 thread_indices[most_threads];
static uint3 block_index;
static dim3 block_extent, grid_extent;
static size_t dynamic_shared_bytes = 0;

static Thread threads[most_threads];
static int thread_order[most_threads];
static int thread_count = 0, started = 0, finished_count = 0, waiting_count = 0;
static int current_thread = 0, current_fiber = 0;
static int free_fibers[most_threads], free_fiber_count = 0;
static int barrier_sum = 0, barrier_result = 0;

// Time is the number of phases so far; a phase of a block ends where all its threads meet.
static uint32_t clock_now = 1, launch_time = 0, block_time = 0;
static uint16_t warp_phases[most_threads / 32];

static uint64_t mix(uint64_t x) {  // the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ull;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

// A permutation of 0..count: x -> a*x + b modulo a power of two, with odd a, repeated until it falls into range.
struct Permutation {
    uint64_t count, mask, multiplier, increment;
    Permutation(uint64_t n, uint64_t seed) : count(n), mask(1) {
        while (mask < n) mask *= 2;
        mask -= 1;
        multiplier = (mix(seed) << 3) | 5;  // 1 modulo 4: then every cycle has full length
        increment = mix(seed + 1) | 1;
    }
    uint64_t operator()(uint64_t position) const {
        if (order == ascending) return position;
        if (order == descending) return count - 1 - position;
        uint64_t x = position;
        do x = (multiplier * x + increment) & mask; while (x >= count);
        return x;
    }
};

static uint32_t next_phase() {
    if (clock_now == 0xffffffffu) fail("runtime", "more than 4 billion barriers");
    memset(warp_phases, 0, sizeof warp_phases);
    return ++clock_now;
}

static void fiber_main() {
    for (;;) {
        while (started < thread_count) {
            int thread = thread_order[started++];
            threads[thread].fiber = current_fiber;
            threads[thread].state = running;
            current_thread = thread;
            current_launch->run(current_launch->state);
            threads[current_thread].state = finished;
            finished_count++;
        }
        free_fibers[free_fiber_count++] = current_fiber;
        switch_context(fiber_contexts[current_fiber], scheduler_context);
    }
}

static void resume(int fiber) {
    current_fiber = fiber;
    switch_context(scheduler_context, fiber_contexts[fiber]);
}

// Leaves the running thread until another makes it ready.
static void wait_as(ThreadState state) {
    int self = current_thread;
    threads[self].state = state;
    switch_context(fiber_contexts[threads[self].fiber], scheduler_context);
    current_thread = self;
    threads[self].state = running;
}

[[noreturn]] static void fail_stuck() {
    int left = -1, waits = -1;
    for (int t = 0; t < thread_count; t++) {
        if (threads[t].state == finished) left = t;
        if (threads[t].state == at_block_barrier || threads[t].state == at_warp_barrier) waits = t;
    }
    if (left >= 0)
        fail("divergent-barrier", "thread %d waits at a barrier that thread %d of its block has not reached before its end", waits, left);
    fail("deadlock", "the threads of a block wait at different barriers");
}

static void run_block() {
    block_time = next_phase();
    memset(threads, 0, sizeof(Thread) * (size_t)thread_count);
    started = finished_count = waiting_count = barrier_sum = 0;
    while (started < thread_count) resume(free_fiber_count ? free_fibers[--free_fiber_count] : make_fiber(fiber_main));
    while (finished_count < thread_count) {
        bool progressed = false;
        for (int position = 0; position < thread_count; position++) {
            int thread = thread_order[position];
            if (threads[thread].state != ready) continue;
            progressed = true;
            resume(threads[thread].fiber);
        }
        if (!progressed) fail_stuck();
    }
}

static void run_grid(const Launch &launch) {
    uint64_t blocks = (uint64_t)grid_extent.x * grid_extent.y * grid_extent.z;
    Permutation of_blocks(blocks, order_seed), of_threads((uint64_t)thread_count, order_seed + 2);
    for (int t = 0; t < thread_count; t++) {
        unsigned n = (unsigned)t;
        uint3 index = {n % block_extent.x, n / block_extent.x % block_extent.y, n / block_extent.x / block_extent.y};
        thread_indices[t] = index;
        thread_order[t] = (int)of_threads((uint64_t)t);
    }
    current_launch = &launch;
    launch_time = clock_now + 1;
    in_kernel = true;
    for (uint64_t b = 0; b < blocks; b++) {
        uint64_t n = of_blocks(b);
        block_index.x = (unsigned)(n % grid_extent.x);
        block_index.y = (unsigned)(n / grid_extent.x % grid_extent.y);
        block_index.z = (unsigned)(n / grid_extent.x / grid_extent.y);
        run_block();
    }
    in_kernel = false;
    current_launch = 0;
}

static unsigned warp_lanes(int warp) {
    int left = thread_count - warp * 32;
    return left >= 32 ? 0xffffffffu : (1u << left) - 1u;
}

// All lanes of `lanes` are here: gives each what it came for.
static void settle(int warp, unsigned lanes, Meeting meeting) {
    Thread *of_warp = &threads[warp * 32];
    unsigned votes = 0;
    for (int lane = 0; lane < 32; lane++)
        if ((lanes >> lane & 1u) && of_warp[lane].offer) votes |= 1u << lane;
    for (int lane = 0; lane < 32; lane++) {
        if (!(lanes >> lane & 1u)) continue;
        unsigned from = of_warp[lane].from & 31u;
        switch (meeting) {
            case warp_barrier: break;
            case warp_exchange: of_warp[lane].result = lanes >> from & 1u ? of_warp[from].offer : 0xa5a5a5a5a5a5a5a5ull; break;
            case warp_vote: of_warp[lane].result = votes; break;
        }
    }
    // A barrier of part of a warp orders nothing here, which can only report too much.
    bool is_whole = lanes == warp_lanes(warp);
    if (meeting == warp_barrier && is_whole && warp_phases[warp] < warp_phase_mask) warp_phases[warp]++;
}

// Waits until all lanes of `mask` that exist are at the same meeting; the last one settles it and lets the others go.
static unsigned long long meet_lanes(unsigned mask, Meeting meeting, unsigned long long offer, unsigned from) {
    if (!in_kernel) fail("crash", "a warp function is called outside a kernel");
    int self = current_thread, warp = self / 32;
    unsigned lanes = mask & warp_lanes(warp);
    if (!(lanes >> (self % 32) & 1u)) fail("divergent-barrier", "thread %d is not named by the mask 0x%x it passes", self, mask);
    threads[self].mask = lanes;
    threads[self].meeting = meeting;
    threads[self].from = from;
    threads[self].offer = offer;
    for (int lane = 0; lane < 32; lane++) {
        if (!(lanes >> lane & 1u) || lane == self % 32) continue;
        const Thread &other = threads[warp * 32 + lane];
        if (other.state != at_warp_barrier || other.mask != lanes || other.meeting != meeting) {
            wait_as(at_warp_barrier);
            return threads[self].result;
        }
    }
    settle(warp, lanes, meeting);
    for (int lane = 0; lane < 32; lane++)
        if ((lanes >> lane & 1u) && lane != self % 32) threads[warp * 32 + lane].state = ready;
    return threads[self].result;
}

}  // namespace mupac_simt

using namespace mupac_simt;

extern "C" {

uint3 mupac_simt_thread_index(void) { return thread_indices[current_thread]; }
uint3 mupac_simt_block_index(void) { return block_index; }
dim3 mupac_simt_block_extent(void) { return block_extent; }
dim3 mupac_simt_grid_extent(void) { return grid_extent; }
unsigned mupac_simt_lane(void) { return (unsigned)current_thread % 32u; }
unsigned mupac_simt_active_mask(void) { return 1u << (current_thread % 32); }
void mupac_simt_trap(void) { fail("crash", "the kernel called __trap"); }

int mupac_simt_block_barrier(int what, int predicate) {
    if (!in_kernel) fail("crash", "__syncthreads outside a kernel");
    barrier_sum += predicate;
    if (++waiting_count < thread_count) {
        wait_as(at_block_barrier);
    } else {
        barrier_result = barrier_sum;
        waiting_count = barrier_sum = 0;
        next_phase();
        for (int t = 0; t < thread_count; t++)
            if (t != current_thread) threads[t].state = ready;
    }
    switch (what) {
        case 1: return barrier_result;
        case 2: return barrier_result == thread_count;
        case 3: return barrier_result != 0;
        default: return 0;
    }
}

void mupac_simt_warp_barrier(unsigned mask) { meet_lanes(mask, warp_barrier, 0, 0); }
unsigned long long mupac_simt_warp_exchange(unsigned mask, unsigned long long value, unsigned from) {
    return meet_lanes(mask, warp_exchange, value, from);
}
unsigned mupac_simt_warp_ballot(unsigned mask, int predicate) {
    return (unsigned)meet_lanes(mask, warp_vote, (unsigned long long)predicate, 0);
}

void *mupac_simt_dynamic_shared(void) { return dynamic_shared.base; }

}  // extern "C"
