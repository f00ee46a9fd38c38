// Executes a launch: the threads of a block as fibers, blocks in turn.
//
// A fiber runs one thread after another until a thread has to wait; that thread keeps the fiber and another fiber goes
// on with the rest. A kernel without barriers therefore costs one call for each thread and no switch.
// A block runs to its end unless what is left of it waits for other blocks, by polling memory or at a barrier of the
// grid: then it is set aside with its shared memory, and others run, as many at a time as the device would keep resident.
// Blocks and threads run in the order asked for: ascending, descending or shuffled.

namespace mupac_simt {

enum Order { ascending, descending, shuffled };
enum ThreadState { not_started, ready, running, polling, at_block_barrier, at_warp_barrier, at_grid_barrier, finished };

enum Meeting { warp_barrier, warp_exchange, warp_vote, warp_match, warp_reduction };

// What a thread saw when it last read a place strongly.
struct Glance {
    const volatile void *address;
    unsigned long long value;
};

struct Thread {
    ThreadState state;
    int fiber;
    // What it waits for among the lanes of its warp, what it brings and what it gets.
    unsigned mask;
    Meeting meeting;
    unsigned from;  // the lane asked, or the operator of a reduction
    unsigned long long offer, result;
};

// Stale bytes in the stack may alternate although nothing happens, so a few states are remembered.
const unsigned remembered = 8;

// How a thread polls; what an earlier thread of the same number left here does no harm.
struct Watch {
    Glance glances[2];
    int same_glances;  // how often in a row they showed nothing new
    uint64_t footprints[remembered];  // its registers and stack when it let others run
    unsigned next_footprint;
};

struct Block {
    uint64_t number;
    uint3 index;
    int started, finished_count, waiting_count, grid_waiting_count;
    int barrier_sum, barrier_result;
    int barrier_site, barrier_thread;  // where the first of those who wait stands, and who it is
    uint32_t phase;
    Thread threads[most_threads];
    Watch watches[most_threads];
    Knowledge knowledge;
    // While it is set aside: its shared memory and what is known of it.
    char *shared_image;
    Region static_shared, dynamic_shared;
};

static Order order = ascending;
static uint64_t order_seed = 0;

static const Launch *current_launch = 0;
static uint3 thread_indices[most_threads];
static uint3 block_index;
static dim3 block_extent, grid_extent;
static size_t dynamic_shared_bytes = 0;
static int resident_limit = 1;

static Block *block;
static Growing<Block *> idle_blocks, waiting_blocks;
static int thread_order[most_threads];
static int thread_count = 0;
static int current_fiber = 0;
static int turn = 0;  // the position in `thread_order` whose turn it is
static int free_fibers[most_fibers], free_fiber_count = 0;
// Counts what cannot be mere waiting: ends of threads, barriers that open, values that others changed, and threads that
// poll but change themselves meanwhile. A round without any of it would repeat for ever.
static uint64_t progress = 0;

// A thread reads strongly this often before others run.
const int patience = 64;
const int idle_rounds_of_block = 2;
const int idle_rounds_of_grid = 4;

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

static void fiber_main() {
    for (;;) {
        while (block->started < thread_count) {
            int thread = thread_order[block->started++];
            block->threads[thread].fiber = current_fiber;
            block->threads[thread].state = running;
            become(thread);
            current_launch->run(current_launch->state);
            block->threads[current_thread].state = finished;
            block->finished_count++;
            progress++;
        }
        free_fibers[free_fiber_count++] = current_fiber;
        switch_context(fiber_contexts[current_fiber], scheduler_context);
    }
}

static void resume(int fiber) {
    current_fiber = fiber;
    switch_context(scheduler_context, fiber_contexts[fiber]);
}

static Context &context_of(int thread) { return fiber_contexts[block->threads[thread].fiber]; }

// Leaves the running thread until another makes it ready; a polling one goes on by itself in the next round.
// The next thread that is ready goes on at once, without a detour through the scheduler.
static void wait_as(ThreadState state) {
    int self = current_thread;
    Context *next = &scheduler_context;
    block->threads[self].state = state;
    if (state != polling && block->started == thread_count) {
        while (++turn < thread_count && block->threads[thread_order[turn]].state != ready) {
            if (block->threads[thread_order[turn]].state == polling) break;
        }
        bool is_ready = turn < thread_count && block->threads[thread_order[turn]].state == ready;
        if (is_ready) {
            current_fiber = block->threads[thread_order[turn]].fiber;
            next = &fiber_contexts[current_fiber];
        } else {
            turn--;
        }
    }
    switch_context(context_of(self), *next);
    become(self);
    block->threads[self].state = running;
}

// Tells of a strong access that is about to see `value`: a thread that learns nothing new for long lets others run.
static void poll(const volatile void *address, unsigned long long value) {
    Watch &self = block->watches[current_thread];
    Glance *glance = self.glances[0].address == address ? &self.glances[0] : &self.glances[1];
    if (glance->address == address && glance->value != value) {
        glance->value = value;
        self.same_glances = 0;
        progress++;
        return;
    }
    if (glance->address != address) {
        Glance fresh = {address, value};
        self.glances[1] = self.glances[0];
        self.glances[0] = fresh;
    }
    if (++self.same_glances < patience) return;
    self.same_glances = 0;
    wait_as(polling);
}

// Runs a thread that polls until it lets others run again; registers and stack that were so before mean that it waits.
static void resume_polling(int thread) {
    int fiber = block->threads[thread].fiber;
    resume(fiber);
    if (block->threads[thread].state != polling) return;
    uint64_t footprint = fiber_footprint(fiber);
    Watch &watch = block->watches[thread];
    for (uint64_t earlier : watch.footprints)
        if (earlier == footprint) return;
    watch.footprints[watch.next_footprint++ % remembered] = footprint;
    progress++;
}

// No thread of the block can go on: fails, or opens a barrier to find out why; the blocks that are left cannot go on
// (runtime_stuck.h).
static void explain_stuck();
static void conclude_probe();
[[noreturn]] static void fail_grid_stuck(bool may_start);

enum Outcome { block_finished, block_waits };

static Outcome run_block() {
    while (block->started < thread_count) resume(free_fiber_count ? free_fibers[--free_fiber_count] : make_fiber(fiber_main));
    int idle_rounds = 0;
    while (block->finished_count < thread_count) {
        bool has_run = false, polls = false;
        uint64_t before = progress;
        for (turn = 0; turn < thread_count; turn++) {
            int thread = thread_order[turn];
            ThreadState state = block->threads[thread].state;
            if (state != ready && state != polling) continue;
            has_run = has_run || state == ready;
            polls = polls || state == polling;
            if (state == polling) resume_polling(thread);
            else resume(block->threads[thread].fiber);
        }
        idle_rounds = has_run || progress != before ? 0 : idle_rounds + 1;
        if (!has_run && !polls) {
            if (block->grid_waiting_count + block->finished_count == thread_count) return block_waits;
            explain_stuck();
        } else if (idle_rounds >= idle_rounds_of_block) {
            return block_waits;
        }
    }
    conclude_probe();
    return block_finished;
}

static void enter(Block *entered) {
    block = entered;
    knowledge = &entered->knowledge;
    block_now = (uint32_t)entered->number;
    block_index = entered->index;
}

static void start_block(uint64_t number) {
    Block *fresh;
    if (idle_blocks.count) fresh = idle_blocks[--idle_blocks.count];
    else fresh = (Block *)map_memory(round_to_pages(sizeof(Block)), PROT_READ | PROT_WRITE);
    fresh->number = number;
    fresh->index.x = (unsigned)(number % grid_extent.x);
    fresh->index.y = (unsigned)(number / grid_extent.x % grid_extent.y);
    fresh->index.z = (unsigned)(number / grid_extent.x / grid_extent.y);
    fresh->started = fresh->finished_count = fresh->waiting_count = fresh->grid_waiting_count = fresh->barrier_sum = 0;
    memset(fresh->threads, 0, sizeof(Thread) * (size_t)thread_count);
    enter(fresh);
    begin_knowledge();
}

static void copy_bytes(char *to, const char *from, size_t bytes) {
    if (bytes) memcpy(to, from, bytes);
}

// Puts the running block's shared memory away, so that another block finds none of it.
static void set_aside() {
    if (!block->shared_image) block->shared_image = (char *)map_memory(static_shared.bytes + (size_t)max_dynamic_shared_bytes, PROT_READ | PROT_WRITE);
    copy_bytes(block->shared_image, static_shared.base, static_shared.bytes);
    copy_bytes(block->shared_image + static_shared.bytes, dynamic_shared.base, dynamic_shared_bytes);
    block->static_shared = static_shared;
    block->dynamic_shared = dynamic_shared;
    static_shared.shift = dynamic_shared.shift = -1;
    static_shared.cells = dynamic_shared.cells = 0;
    block->phase = phase_now;
    waiting_blocks.add(block);
}

static void take_up(size_t position) {
    enter(waiting_blocks[position]);
    phase_now = block->phase;
    copy_bytes(static_shared.base, block->shared_image, static_shared.bytes);
    copy_bytes(dynamic_shared.base, block->shared_image + static_shared.bytes, dynamic_shared_bytes);
    drop_cells(static_shared);
    drop_cells(dynamic_shared);
    static_shared = block->static_shared;
    dynamic_shared = block->dynamic_shared;
    for (size_t i = position + 1; i < waiting_blocks.count; i++) waiting_blocks[i - 1] = waiting_blocks[i];
    waiting_blocks.count--;
}

static void settle_block(Outcome outcome) {
    if (outcome == block_waits) {
        blocks_interleave = true;
        set_aside();
    } else {
        idle_blocks.add(block);
    }
}

// All threads of the grid are at its barrier: whatever happened so far is in order with whatever follows.
static void open_grid_barrier() {
    floor_time = last_phase + 1;
    progress++;
    for (size_t i = 0; i < waiting_blocks.count; i++) {
        Block *waiting = waiting_blocks[i];
        waiting->grid_waiting_count = 0;
        for (int t = 0; t < thread_count; t++) waiting->threads[t].state = ready;
        enter(waiting);
        phase_now = waiting->phase;
        begin_phase();
        waiting->phase = phase_now;
    }
}

static bool is_grid_barrier_full(uint64_t blocks) {
    if (waiting_blocks.count != blocks) return false;
    for (size_t i = 0; i < waiting_blocks.count; i++)
        if (waiting_blocks[i]->grid_waiting_count != thread_count) return false;
    return true;
}

// Lets blocks that wait for one another go on in turn.
static void run_waiting(uint64_t blocks, bool may_start) {
    int idle_rounds = 0;
    while (waiting_blocks.count && !(may_start && (int)waiting_blocks.count < resident_limit)) {
        if (is_grid_barrier_full(blocks)) open_grid_barrier();
        uint64_t before = progress;
        for (size_t turns = waiting_blocks.count; turns > 0; turns--) {
            take_up(0);
            settle_block(run_block());
        }
        idle_rounds = progress == before ? idle_rounds + 1 : 0;
        if (idle_rounds > idle_rounds_of_grid && !is_grid_barrier_full(blocks)) fail_grid_stuck(may_start);
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
    // Variables of `__shared__` are those of the thread that runs the kernel.
    static_shared.base = (char *)&this_thread - static_shared.bytes;
    current_launch = &launch;
    kernel_thread = &this_thread;
    blocks_interleave = false;
    uint64_t chosen = choose_blocks(blocks, grid_extent, order_seed);
    for (uint64_t b = 0; b < chosen; b++) {
        if ((int)waiting_blocks.count >= resident_limit) run_waiting(blocks, true);
        start_block(is_sampled ? sampled_blocks[b] : of_blocks(b));
        settle_block(run_block());
    }
    if (is_sampled && waiting_blocks.count) end_sample("its blocks wait for one another");
    run_waiting(blocks, false);
    kernel_thread = 0;
    current_launch = 0;
    knowledge = &host_knowledge;
    end_order();
}

}  // namespace mupac_simt
