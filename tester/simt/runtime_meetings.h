// Where threads meet: barriers of the block and the grid, and what lanes of a warp do together (barriers, exchanges,
// votes, matches and reductions).
//
// A meeting takes place when all lanes that its mask names are at it with the same mask and function; the last one to
// come settles it. Barriers order memory among the lanes, the others do not.
// Source: CUDA C++ Programming Guide 13.0, "Warp Vote", "Warp Match", "Warp Reduce" and "Warp Shuffle Functions".

namespace mupac_simt {

static unsigned warp_lanes(int warp) {
    int left = thread_count - warp * 32;
    return left >= 32 ? 0xffffffffu : (1u << left) - 1u;
}

// Whatever the lanes did so far comes before whatever they do from here on.
static void order_lanes(int warp, unsigned lanes) {
    uint16_t(&known)[32][32] = knowledge->warp_clocks[warp];
    if (knowledge->warp_stamps[warp] != phase_now) {
        memset(known, 0, sizeof known);
        knowledge->warp_stamps[warp] = phase_now;
    }
    uint16_t joined[32];
    memset(joined, 0, sizeof joined);
    for (unsigned left = lanes; left; left &= left - 1) {
        int lane = __builtin_ctz(left);
        advance_clock(warp * 32 + lane);
        for (int other = 0; other < 32; other++)
            if (known[lane][other] > joined[other]) joined[other] = known[lane][other];
    }
    for (unsigned left = lanes; left; left &= left - 1) {
        int lane = __builtin_ctz(left);
        joined[lane] = knowledge->clocks[warp * 32 + lane];
    }
    for (unsigned left = lanes; left; left &= left - 1) memcpy(known[__builtin_ctz(left)], joined, sizeof joined);
}

static unsigned long long reduced(WarpReduction reduction, unsigned long long a, unsigned long long b) {
    switch (reduction) {
        case reduce_add: return (unsigned)(a + b);
        case reduce_and: return a & b;
        case reduce_or: return a | b;
        case reduce_xor: return a ^ b;
        case reduce_min: return (unsigned)a < (unsigned)b ? a : b;
        case reduce_max: return (unsigned)a > (unsigned)b ? a : b;
        case reduce_min_signed: return (int)a < (int)b ? a : b;
        case reduce_max_signed: return (int)a > (int)b ? a : b;
    }
    return 0;
}

// What a lane of the meeting gets.
static unsigned long long outcome_of(const Thread *of_warp, unsigned lanes, int lane, Meeting meeting) {
    unsigned long long result = 0;
    switch (meeting) {
        case warp_barrier: return 0;
        case warp_exchange: {
            unsigned from = of_warp[lane].from & 31u;
            return lanes >> from & 1u ? of_warp[from].offer : 0x0101010101010101ull * fill_pattern;
        }
        case warp_vote:
            for (unsigned left = lanes; left; left &= left - 1)
                if (of_warp[__builtin_ctz(left)].offer) result |= 1ull << __builtin_ctz(left);
            return result;
        case warp_match:
            for (unsigned left = lanes; left; left &= left - 1)
                if (of_warp[__builtin_ctz(left)].offer == of_warp[lane].offer) result |= 1ull << __builtin_ctz(left);
            return result;
        case warp_reduction: {
            unsigned left = lanes;
            result = of_warp[__builtin_ctz(left)].offer;
            for (left &= left - 1; left; left &= left - 1)
                result = reduced((WarpReduction)of_warp[lane].from, result, of_warp[__builtin_ctz(left)].offer);
            return result;
        }
    }
    return 0;
}

// All lanes of `lanes` are here: gives each what it came for.
static void settle(int warp, unsigned lanes, Meeting meeting) {
    Thread *of_warp = &block->threads[warp * 32];
    unsigned long long results[32];
    // Votes and reductions are the same for all.
    bool is_common = meeting == warp_vote || meeting == warp_reduction || meeting == warp_barrier;
    int first = __builtin_ctz(lanes);
    for (unsigned left = lanes; left; left &= left - 1) {
        int lane = __builtin_ctz(left);
        results[lane] = is_common && lane != first ? results[first] : outcome_of(of_warp, lanes, lane, meeting);
    }
    for (unsigned left = lanes; left; left &= left - 1) of_warp[__builtin_ctz(left)].result = results[__builtin_ctz(left)];
    if (meeting == warp_barrier) order_lanes(warp, lanes);
}

// Waits until all lanes of `mask` are at the same meeting; the last one settles it and lets the others go.
static unsigned long long meet_lanes(unsigned mask, Meeting meeting, unsigned long long offer, unsigned from) {
    if (!is_in_kernel()) fail("crash", "a warp function is called outside a kernel");
    int self = current_thread, warp = self / 32;
    // A full mask stands for the lanes that exist; any other names lanes one by one.
    unsigned lanes = mask == 0xffffffffu ? warp_lanes(warp) : mask;
    if (!(lanes >> (self % 32) & 1u)) fail("divergent-barrier", "%s is not named by the mask 0x%x it passes", describe_actor(), mask);
    if (lanes & ~warp_lanes(warp)) fail("divergent-barrier", "%s passes the mask 0x%x, which names lanes that do not exist", describe_actor(), mask);
    if (probe.is_on) probe_meeting(self, lanes, meeting);
    Thread *threads = block->threads;
    threads[self].mask = lanes;
    threads[self].meeting = meeting;
    threads[self].from = from;
    threads[self].offer = offer;
    for (unsigned left = lanes & ~(1u << (self % 32)); left; left &= left - 1) {
        const Thread &other = threads[warp * 32 + __builtin_ctz(left)];
        if (other.state != at_warp_barrier || other.mask != lanes || other.meeting != meeting) {
            wait_as(at_warp_barrier);
            return block->threads[self].result;
        }
    }
    settle(warp, lanes, meeting);
    progress++;
    for (unsigned left = lanes & ~(1u << (self % 32)); left; left &= left - 1) threads[warp * 32 + __builtin_ctz(left)].state = ready;
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
void mupac_simt_trap(void) { fail("crash", "%s calls __trap", describe_actor()); }

int mupac_simt_block_barrier(int what, int predicate, int site) {
    if (!is_in_kernel()) fail("crash", "__syncthreads outside a kernel");
    reach_barrier_of_block(site);
    block->barrier_sum += predicate;
    if (++block->waiting_count < thread_count) {
        wait_as(at_block_barrier);
    } else {
        block->barrier_result = block->barrier_sum;
        block->waiting_count = block->barrier_sum = 0;
        begin_phase();
        progress++;
        for (int t = 0; t < thread_count; t++)
            if (t != current_thread) block->threads[t].state = ready;
    }
    switch (what) {
        case 1: return block->barrier_result;
        case 2: return block->barrier_result == thread_count;
        case 3: return block->barrier_result != 0;
        default: return 0;
    }
}

void mupac_simt_grid_barrier(void) {
    if (!is_in_kernel() || !current_launch->is_cooperative) fail("crash", "a barrier of the grid outside a cooperative launch");
    block->grid_waiting_count++;
    wait_as(at_grid_barrier);
}

void mupac_simt_fence(int is_of_block) {
    fence_here(is_of_block != 0);
    if (is_in_kernel()) poll(0, 0);
}

void mupac_simt_pause(void) {
    if (is_in_kernel()) wait_as(polling);
}

void *mupac_simt_dynamic_shared(void) { return dynamic_shared.base; }

void mupac_simt_warp_barrier(unsigned mask) { meet_lanes(mask, warp_barrier, 0, 0); }
unsigned long long mupac_simt_warp_exchange(unsigned mask, unsigned long long value, unsigned from) {
    return meet_lanes(mask, warp_exchange, value, from);
}
unsigned mupac_simt_warp_ballot(unsigned mask, int predicate) {
    return (unsigned)meet_lanes(mask, warp_vote, (unsigned long long)predicate, 0);
}
unsigned mupac_simt_warp_match(unsigned mask, unsigned long long value) { return (unsigned)meet_lanes(mask, warp_match, value, 0); }
unsigned mupac_simt_warp_reduce(unsigned mask, unsigned value, WarpReduction reduction) {
    return (unsigned)meet_lanes(mask, warp_reduction, value, (unsigned)reduction);
}

// Lanes that wait for nobody: those that run, or could. Which of them converge is open; the caller's branch is unknown,
// so only the caller is sure to be there.
unsigned mupac_simt_active_mask(void) { return is_in_kernel() ? lane_bit : 1u; }

}  // extern "C"
