// Says why threads that wait cannot go on: is there a barrier that some of its threads never reach, or do they wait for
// one another?
//
// To tell the two apart where threads wait at different barriers, one barrier of a warp is opened by force: threads
// that reach it later would have come, so it was the order that was wrong; where they end without it, they diverged.

namespace mupac_simt {

struct Probe {
    bool is_on;
    int warp;
    unsigned missing, mask;
    Meeting meeting;
    int waits, left;  // for the message
};
static Probe probe;

[[noreturn]] static void fail_divergent(int waits, int missing, const char *how) {
    fail("divergent-barrier", "thread %d waits at a barrier of %s that thread %d has not reached%s", waits,
         block->threads[waits].state == at_warp_barrier ? "its warp" : "the block", missing, how);
}

[[noreturn]] static void end_probe(bool has_come) {
    is_probing = false;
    if (has_come) fail("deadlock", "threads %d and %d wait for each other at different barriers", probe.waits, probe.left);
    fail("divergent-barrier", "thread %d waits at a barrier of its warp that thread %d never reaches", probe.waits, probe.left);
}

// The block has come to its end after a barrier was opened by force.
static void conclude_probe() {
    if (probe.is_on) end_probe(false);
}

// A lane comes to a meeting while the runtime probes.
static void probe_meeting(int thread, unsigned mask, Meeting meeting) {
    if (thread / 32 == probe.warp && mask == probe.mask && meeting == probe.meeting && (probe.missing >> (thread & 31) & 1u)) end_probe(true);
}

static void open_by_force(int thread) {
    const Thread &self = block->threads[thread];
    int warp = thread / 32;
    probe.is_on = is_probing = true;
    probe.warp = warp;
    probe.mask = self.mask;
    probe.meeting = self.meeting;
    probe.waits = thread;
    probe.missing = 0;
    for (int lane = 0; lane < 32; lane++) {
        if (!(self.mask >> lane & 1u)) continue;
        Thread &other = block->threads[warp * 32 + lane];
        if (other.state == at_warp_barrier && other.mask == self.mask && other.meeting == self.meeting) {
            if (warp * 32 + lane != thread) other.state = ready;
        } else {
            probe.missing |= 1u << lane;
            probe.left = warp * 32 + lane;
        }
    }
    block->threads[thread].state = ready;
}

// No thread of the block can go on; returns where it takes a probe to say why.
static void explain_stuck() {
    conclude_probe();
    int ended = -1, at_block = -1, at_warp = -1, at_grid = -1;
    for (int t = 0; t < thread_count; t++) switch (block->threads[t].state) {
            case finished: ended = t; break;
            case at_block_barrier: at_block = t; break;
            case at_warp_barrier: at_warp = t; break;
            case at_grid_barrier: at_grid = t; break;
            case not_started: case ready: case running: case polling: break;
        }
    for (int t = 0; t < thread_count; t++) {
        const Thread &waiting = block->threads[t];
        if (waiting.state != at_warp_barrier) continue;
        for (int lane = 0; lane < 32; lane++) {
            if (!(waiting.mask >> lane & 1u)) continue;
            const Thread &other = block->threads[t / 32 * 32 + lane];
            if (other.state == finished) fail_divergent(t, t / 32 * 32 + lane, " before its end");
            if (other.state == at_warp_barrier && (other.mask != waiting.mask || other.meeting != waiting.meeting))
                fail_divergent(t, t / 32 * 32 + lane, ", which waits with another mask or function");
        }
    }
    if (at_block >= 0 && ended >= 0) fail_divergent(at_block, ended, " before its end");
    if (at_grid >= 0 && (at_block >= 0 || at_warp >= 0))
        fail("deadlock", "thread %d waits at a barrier of the grid, another of its block at one of the block", at_grid);
    open_by_force(at_warp);
}

// The blocks that are left wait for something that does not come.
[[noreturn]] static void fail_grid_stuck(bool may_start) {
    size_t at_barrier = 0;
    for (size_t i = 0; i < waiting_blocks.count; i++) {
        take_up(0);
        for (int t = 0; t < thread_count; t++) {
            const Thread &thread = block->threads[t];
            if (thread.state != polling) continue;
            fail("deadlock", "thread %d of block (%u,%u,%u) polls memory that nobody writes any more%s", t, block_index.x, block_index.y,
                 block_index.z, may_start ? "; the blocks that have not begun find no room on the device" : "");
        }
        at_barrier += block->grid_waiting_count > 0;
        set_aside();
    }
    fail("divergent-barrier", "%zu blocks wait at a barrier of the grid that others, or some of their own threads, never reach", at_barrier);
}

// Threads that wait at another `__syncthreads` have taken another branch.
static void reach_barrier_of_block(int site) {
    if (block->waiting_count == 0) {
        block->barrier_site = site;
        block->barrier_thread = current_thread;
    } else if (block->barrier_site != site && !probe.is_on) {
        fail("divergent-barrier", "threads %d and %d wait at different barriers of the block", block->barrier_thread, current_thread);
    }
}

}  // namespace mupac_simt
