// Which accesses of one launch are in order, and who is running.
//
// Time is counted in phases. A phase belongs to one block and ends where all threads of the block meet; an operation of
// a stream (a launch, a copy) and the host between two calls have phases of their own.
// Two accesses are in order if they are by one thread, by one block with a barrier of the block between them, by one
// warp with a warp barrier of both lanes between them, or if the later thread has seen, through an atomic or volatile
// access, a value that the earlier one published after a memory fence.
// Source: PTX ISA 9.0, "Memory Consistency Model", causality order; C++ Programming Guide 13.0, "Memory Fence
// Functions", whose example reads the results of other blocks after an atomic without a second fence: an acquire needs
// none here.

namespace mupac_simt {

// What a thread published: everything of its block before `phase`, and its own accesses before `clock` in `phase`.
// To its own block it also published what it did before `block_clock` in `block_phase`.
struct Release {
    uint32_t block, phase, block_phase;
    uint16_t clock, block_clock;
    int publisher;
    int thread;    // the publisher, or `every_fenced`: all threads that met a fence in `phase`, up to that fence
    int previous;  // the release of the same block at the same location before this one, -1 none
};
const int every_fenced = -1;

// A place in memory where threads publish, and what whoever reads it learns.
typedef Growing<int> Seen;  // numbers of locations
struct Location {
    const char *address;
    Growing<Release> releases;
    Growing<int> last_of_block;  // index into `releases` plus 1, by block; empty while there are few releases
    Seen seen;                   // what the publishers themselves had seen
    uint32_t visit;
};
const size_t few_releases = 32;

struct Phase {
    uint32_t block;   // its number in the launch
    uint32_t fences;  // the number of its record of fences; 0 before the first fence
};

// Each thread's clock at its last fence in a phase: of the device, and of its block or wider.
struct Fences {
    uint16_t clocks[1024], block_clocks[1024];
};

const int most_warps = most_threads / 32;

// What the running block knows beyond its barriers.
struct Knowledge {
    bool has_clocks, has_fences;
    uint32_t last_fence_phase, first_phase;
    Seen known, pending;             // `pending`: seen in this phase too, by some of the threads
    uint32_t complete_until;         // every phase of the launch up to here was seen
    uint16_t clocks[most_threads];   // each lane's count of warp barriers and fences in this phase
    uint32_t warp_stamps[most_warps];  // the phase that `warp_clocks` is about
    uint16_t warp_clocks[most_warps][32][32];  // [warp][lane][other]: what other did before this clock is in order
    uint32_t seen_in[most_threads];  // the phase in which the thread last read something published
};

static int current_thread = 0;
static uint32_t lane_bit = 1;
static uint16_t warp_now = 0;
static uint32_t last_phase = 1;  // the last one given out
static uint32_t phase_now = 1;   // of the running block, operation or host
static uint32_t block_now = 0;   // its number in the launch
static uint32_t floor_time = 0;  // what happened before is in order with the running operation
static uint32_t operation_begin = 0;
static bool blocks_interleave = false;
static Knowledge host_knowledge;
static Knowledge *knowledge = &host_knowledge;

static Phase *phases;  // of the running launch, from `operation_begin`
static uint32_t phase_room = 0;
static Growing<Fences *> fence_records;
static Growing<Location> locations;
static Growing<int> location_table;  // hash of addresses: numbers of locations plus 1
static uint32_t visit_count = 0;

// Whether the operation of another stream or the host at that time comes before the running one (runtime_streams.h).
static bool is_outside_in_order(const Record &record);

static inline void become(int thread) {
    current_thread = thread;
    warp_now = (uint16_t)(thread / 32);
    lane_bit = 1u << (thread & 31);
}

static uint32_t give_phase() {
    if (last_phase == 0xffffffffu) fail("runtime", "more than 4 billion phases");
    return ++last_phase;
}

static Phase &phase_of(uint32_t time) { return phases[time - operation_begin]; }

static const Fences *fences_of(uint32_t time) {
    uint32_t number = phase_of(time).fences;
    return number ? fence_records[number - 1] : 0;
}

// Starts the running block's next phase.
static void begin_phase() {
    phase_now = give_phase();
    if (phase_now - operation_begin >= phase_room) {
        phase_room = phase_room ? phase_room * 2 : 4096;
        phases = (Phase *)resized_block((void *)phases, sizeof(Phase) * (size_t)phase_room);
    }
    Phase fresh = {block_now, 0};
    phase_of(phase_now) = fresh;
    if (knowledge->has_clocks) memset(knowledge->clocks, 0, sizeof knowledge->clocks);
    knowledge->has_clocks = false;
    for (size_t i = knowledge->known.count; i < knowledge->pending.count; i++) knowledge->known.add(knowledge->pending[i]);
}

// Starts the running block's first phase.
static void begin_knowledge() {
    knowledge->has_fences = false;
    knowledge->last_fence_phase = 0;
    knowledge->known.clear();
    knowledge->pending.clear();
    knowledge->complete_until = operation_begin;  // that phase is the operation's own, before all blocks
    begin_phase();
    knowledge->first_phase = phase_now;
}

static void add_seen(Seen &seen, int location) {
    for (size_t i = 0; i < seen.count; i++)
        if (seen[i] == location) return;
    seen.add(location);
}

static size_t slot_of(const void *address) {
    size_t slot = (size_t)(((uintptr_t)address >> 2) * 0x9e3779b97f4a7c15ull >> 20) & (location_table.count - 1);
    while (location_table[slot] && locations[(size_t)location_table[slot] - 1].address != address)
        slot = (slot + 1) & (location_table.count - 1);
    return slot;
}

static void grow_location_table() {
    size_t wanted = location_table.count ? location_table.count * 2 : 64;
    location_table.clear();
    for (size_t i = 0; i < wanted; i++) location_table.add(0);
    for (size_t i = 0; i < locations.count; i++) location_table[slot_of(locations[i].address)] = (int)i + 1;
}

// The number of the location at `address`, -1 where nobody has published and none is wanted.
static int find_location(const void *address, bool is_wanted) {
    if (location_table.count < 2 * locations.count + 2) grow_location_table();
    size_t slot = slot_of(address);
    if (location_table[slot] == 0 && is_wanted) {
        Location fresh;
        memset(&fresh, 0, sizeof fresh);
        fresh.address = (const char *)address;
        locations.add(fresh);
        location_table[slot] = (int)locations.count;
    }
    return location_table[slot] - 1;
}

// Forgets what the launch published.
static void end_order() {
    for (size_t i = 0; i < locations.count; i++) {
        locations[i].releases.drop();
        locations[i].last_of_block.drop();
        locations[i].seen.drop();
    }
    locations.clear();
    location_table.clear();
    for (size_t i = 0; i < fence_records.count; i++) delete_block(fence_records[i]);
    fence_records.clear();
}

static void advance_clock(int thread) {
    knowledge->has_clocks = true;
    if (knowledge->clocks[thread] != 0xffff) knowledge->clocks[thread]++;
}

// `__threadfence` or `__threadfence_block`: what the thread did so far is published by its next strong write.
static void fence_here(bool is_of_block) {
    if (!is_in_kernel()) return;
    Phase &phase = phase_of(phase_now);
    if (!phase.fences) {
        fence_records.add((Fences *)zeroed_block(sizeof(Fences)));
        phase.fences = (uint32_t)fence_records.count;
    }
    advance_clock(current_thread);
    Fences &fences = *fence_records[phase.fences - 1];
    fences.block_clocks[current_thread] = knowledge->clocks[current_thread];
    knowledge->has_fences = true;
    if (is_of_block) return;
    fences.clocks[current_thread] = knowledge->clocks[current_thread];
    knowledge->last_fence_phase = phase_now;
}

static const Seen &seen_by_thread() {
    return knowledge->seen_in[current_thread] == phase_now ? knowledge->pending : knowledge->known;
}

static void see(int location) {
    add_seen(knowledge->pending, location);
    knowledge->seen_in[current_thread] = phase_now;
}

static void add_release(Location &location, Release release) {
    if (location.last_of_block.count || location.releases.count >= few_releases) {
        while (location.last_of_block.count <= block_now) location.last_of_block.add(0);
        release.previous = location.last_of_block[block_now] - 1;
        location.last_of_block[block_now] = (int)location.releases.count + 1;
    }
    location.releases.add(release);
}

// A strong access to global memory: learns what was published there, and publishes what was fenced.
static void synchronise(const void *address, bool reads, bool writes) {
    if (!is_in_kernel() || (!knowledge->has_fences && locations.count == 0)) return;
    int number = find_location(address, writes && knowledge->has_fences);
    if (number < 0) return;
    if (reads) see(number);
    if (!writes || !knowledge->has_fences) return;
    Release release = {block_now, phase_now, phase_now, 0, 0, current_thread, current_thread, -1};
    const Fences *fences = fences_of(phase_now);
    if (fences) release.block_clock = fences->block_clocks[current_thread];
    if (fences && fences->clocks[current_thread]) {
        release.clock = fences->clocks[current_thread];
    } else {
        // Fences of all threads, then a barrier, then a signal by one: CUDA's own samples publish so.
        release.phase = knowledge->last_fence_phase == phase_now ? 0 : knowledge->last_fence_phase;
        release.thread = every_fenced;
    }
    if (!release.phase && !release.block_clock) return;
    Location &location = locations[(size_t)number];
    add_release(location, release);
    const Seen &seen = seen_by_thread();
    for (size_t i = 0; i < seen.count; i++)
        if (seen[i] != number) add_seen(location.seen, seen[i]);
}

static bool covers(const Release &release, const Record &record) {
    int first = (record.flags & warp_mask) * 32;
    bool is_of_publisher = !(record.flags & several_warps) && record.lanes == 1u << (release.publisher & 31) && release.publisher / 32 * 32 == first;
    if (release.block == block_now && record.time == release.block_phase && is_of_publisher && record.clock < release.block_clock) return true;
    if (record.time != release.phase) return record.time < release.phase;
    if (record.flags & several_warps) return false;
    if (release.thread != every_fenced) return record.lanes == 0 || (is_of_publisher && record.clock < release.clock);
    const Fences *fences = fences_of(release.phase);
    for (uint32_t lanes = record.lanes; lanes; lanes &= lanes - 1)
        if (!fences || record.clock >= fences->clocks[first + __builtin_ctz(lanes)]) return false;
    return true;
}

static bool has_release(const Location &location, uint32_t block, const Record &record) {
    if (location.last_of_block.count == 0) {
        for (size_t i = location.releases.count; i-- > 0;)
            if (location.releases[i].block == block && covers(location.releases[i], record)) return true;
        return false;
    }
    for (size_t i = 0; i < few_releases; i++)
        if (location.releases[i].block == block && covers(location.releases[i], record)) return true;
    int index = block < location.last_of_block.count ? location.last_of_block[block] - 1 : -1;
    for (; index >= 0; index = location.releases[(size_t)index].previous)
        if (covers(location.releases[(size_t)index], record)) return true;
    return false;
}

// Whether one of these locations, or one that its publishers had seen, says that the block's access came before.
static bool is_published(const Seen &seen, uint32_t block, const Record &record) {
    for (size_t i = 0; i < seen.count; i++) {
        Location &location = locations[(size_t)seen[i]];
        if (location.visit == visit_count) continue;
        location.visit = visit_count;
        if (has_release(location, block, record) || is_published(location.seen, block, record)) return true;
    }
    return false;
}

// Whether the running thread has seen everything that any block did up to `time`.
static bool is_complete(uint32_t time) {
    const Seen &seen = seen_by_thread();
    if (seen.count == 0) return false;
    for (uint32_t at = knowledge->complete_until + 1; at <= time; at++) {
        uint32_t block = phase_of(at).block;
        if (block != block_now) {
            Record everything = {at, 0, 0, 0};
            visit_count++;
            if (!is_published(seen, block, everything)) return false;
        }
        if (&seen == &knowledge->known) knowledge->complete_until = at;
    }
    return true;
}

static bool warp_knows(const Record &record) {
    if (knowledge->warp_stamps[warp_now] != phase_now) return false;
    const uint16_t *known = knowledge->warp_clocks[warp_now][current_thread & 31];
    for (uint32_t lanes = record.lanes & ~lane_bit; lanes; lanes &= lanes - 1)
        if (known[__builtin_ctz(lanes)] <= record.clock && record.clock != 0xffff) return false;
    return true;
}

// The rarer ways for an earlier access to be in order with the running thread.
static bool is_in_order_otherwise(const Record &record) {
    if ((record.flags & by_host) || record.time < operation_begin) return is_outside_in_order(record);
    if (!is_in_kernel()) return true;
    if (record.flags & several_blocks) return is_complete(record.time);
    uint32_t block = phase_of(record.time).block;
    if (block == block_now) {
        if (record.time != phase_now) return true;
        if (!(record.flags & several_warps) && (record.flags & warp_mask) == warp_now && warp_knows(record)) return true;
    }
    const Seen &seen = seen_by_thread();
    if (seen.count == 0) return false;
    visit_count++;
    return is_published(seen, block, record);
}

const uint16_t place_mask = warp_mask | several_warps | several_blocks | by_host;
const uint16_t from_afar = several_blocks | by_host;

// Whether the access is by an earlier phase of the running block, or was over before the launch.
static inline bool is_long_ago(const Record &record, uint32_t since) {
    if (record.time < since) return true;
    return record.time >= knowledge->first_phase && record.time < phase_now && !(record.flags & from_afar) && !blocks_interleave && is_in_kernel();
}

static inline bool is_only_by_caller(const Record &record) {
    return record.time == phase_now && record.lanes == lane_bit && (record.flags & place_mask) == warp_now;
}

// Whether the record is of a plain read by the running thread and would stay as it is. Of several lanes it holds the
// greatest clock, which tells of each only before any of them has fenced or met others.
static inline bool is_read_again(const Record &record) {
    uint16_t clock = knowledge->clocks[current_thread];
    if (record.time != phase_now || record.clock != clock || (record.flags & (warp_mask | is_strong | by_host)) != warp_now) return false;
    bool is_clock_known = record.lanes == lane_bit || (clock == 0 && (record.lanes & lane_bit));
    return is_clock_known && clock != 0xffff && (!(record.flags & several_blocks) || knowledge->pending.count == 0);
}

// Whether an earlier access is not in order with one by the running thread; those before `since` are.
static inline bool is_unordered(const Record &record, uint32_t since) {
    return !is_long_ago(record, since) && !is_only_by_caller(record) && !is_in_order_otherwise(record);
}

static inline void set_only(Record &record, uint16_t kind_flags) {
    record.time = phase_now;
    record.lanes = lane_bit;
    record.clock = knowledge->clocks[current_thread];
    record.flags = (uint16_t)(kind_flags | warp_now);
}

// Adds an access by the running thread to earlier ones, some of which may not be in order with it.
static void join(Record &record, uint32_t since, uint16_t kind_flags) {
    uint16_t flags = (uint16_t)(kind_flags | warp_now);
    // Accesses of both kinds together are no more than the weaker.
    const uint16_t lasting = is_volatile | is_block_scoped | several_operations;
    uint16_t weaker = (uint16_t)((flags | (record.flags & lasting)) & (record.flags | ~is_strong));
    uint32_t lanes = lane_bit;
    bool sees_nothing = knowledge->pending.count == 0;
    if (record.time == phase_now && (record.flags & place_mask) == warp_now) {
        bool is_others = (record.lanes & ~lane_bit) && !(knowledge->has_clocks && warp_knows(record));
        if (is_others && (sees_nothing || is_unordered(record, since))) lanes |= record.lanes;
        if (lanes != lane_bit || record.clock == knowledge->clocks[current_thread]) flags = weaker;
    } else if ((record.flags & several_blocks) && sees_nothing && !(record.flags & by_host)) {
        flags = weaker | several_blocks;
    } else if (record.time == phase_now && sees_nothing && !(record.flags & from_afar)) {
        flags = weaker | several_warps;
    } else if (is_unordered(record, since)) {
        bool is_near = record.time >= operation_begin && !(record.flags & from_afar) && is_in_kernel() && phase_of(record.time).block == block_now;
        flags = (uint16_t)(weaker | (record.flags & several_warps) | (is_near ? several_warps : several_blocks));
        if (record.time < operation_begin) flags |= several_operations;
    }
    uint16_t clock = knowledge->clocks[current_thread];
    if (lanes == lane_bit || clock > record.clock) record.clock = clock;
    record.time = phase_now;
    record.lanes = lanes;
    record.flags = flags;
}

// Adds an access by the running thread to those that it is not in order with.
static inline void note(Record &record, uint32_t since, uint16_t kind_flags) {
    bool is_of_one_before = record.time < operation_begin && !(record.flags & several_operations);
    if (is_long_ago(record, since) || (is_of_one_before && is_outside_in_order(record))) set_only(record, kind_flags);
    else join(record, since, kind_flags);
}

}  // namespace mupac_simt
