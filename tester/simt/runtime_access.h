// Judges one access: is the memory there, was it written, and is the access in order with those before it?
//
// Two accesses of one launch are in order if they are by the same thread, of one block with a barrier of the block
// between them, or of one warp with a barrier of the whole warp between them; blocks are never in order.
// They conflict if they are not in order, at least one writes, and not both are atomic.
// Writing the same value twice conflicts too: CUDA C++ makes no promise for it.

namespace mupac_simt {

static char *image_begin = 0, *image_end = 0, *image_writable_begin = 0, *image_writable_end = 0;
static char *constant_begin = 0, *constant_end = 0;

// Linker-made bounds of the section that `__constant__` names; absent when nothing is in it.
extern "C" char __start_mupac_constant[] __attribute__((weak));
extern "C" char __stop_mupac_constant[] __attribute__((weak));

enum AccessKind { reading, writing, updating };  // updating: atomic read-modify-write

static const char *verb(AccessKind kind) { return kind == reading ? "reads" : kind == writing ? "writes" : "atomically updates"; }

static const char *describe_thread(int thread) {
    static char text[2][96];
    static int turn = 0;
    turn ^= 1;
    const uint3 &t = thread_indices[thread];
    snprintf(text[turn], sizeof text[turn], "thread (%u,%u,%u) of block (%u,%u,%u)", t.x, t.y, t.z, block_index.x, block_index.y, block_index.z);
    return text[turn];
}

static const char *describe_region(const Region &region) {
    static char text[96];
    if (&region == &static_shared) return "static shared memory";
    if (&region == &dynamic_shared) snprintf(text, sizeof text, "the %zu bytes of dynamic shared memory", region.bytes);
    else snprintf(text, sizeof text, "the %zu bytes of device allocation %ld", region.bytes, (long)(&region - regions));
    return text;
}

// Whether an earlier access is not in order with one by the running thread.
static inline bool is_unordered(const Record &r, uint32_t scope_time) {
    if (r.time < scope_time) return false;
    if (r.time < block_time || (r.flags & several_blocks)) return true;
    if (r.time < clock_now) return false;
    if (r.flags & several_warps) return true;
    if (r.thread == current_thread && !(r.flags & several_lanes)) return false;
    int warp = current_thread / 32;
    return r.thread / 32 != warp || (r.flags & warp_phase_mask) == warp_phases[warp];
}

// Adds an access by the running thread to what is known of the earlier ones.
static inline void note(Record &r, uint32_t scope_time, uint16_t kind_flag) {
    uint16_t kept = kind_flag;
    uint16_t phase = warp_phases[current_thread / 32];
    if (r.time >= scope_time) {
        if (r.time < block_time || (r.flags & several_blocks)) kept |= several_blocks;
        if (r.time == clock_now) {
            if ((r.flags & several_warps) || r.thread / 32 != current_thread / 32) kept |= several_warps;
            else if ((r.flags & warp_phase_mask) == phase && ((r.flags & several_lanes) || r.thread != current_thread)) kept |= several_lanes;
        }
    }
    r.time = clock_now;
    r.thread = (uint16_t)current_thread;
    r.flags = kept | phase;
}

[[noreturn]] static void fail_race(const Region &region, size_t offset, size_t bytes, AccessKind kind, const Record &earlier, const char *did) {
    const char *self = describe_thread(current_thread);
    if (earlier.time < block_time || (earlier.flags & several_blocks))
        fail("race", "%s %s %zu bytes at byte %zu of %s, which another block %s in the same launch", self, verb(kind), bytes, offset,
             describe_region(region), did);
    if (earlier.thread == current_thread || (earlier.flags & (several_lanes | several_warps)))
        fail("race", "%s %s %zu bytes at byte %zu of %s, which another thread %s without a barrier between", self, verb(kind), bytes, offset,
             describe_region(region), did);
    const uint3 &t = thread_indices[earlier.thread];
    fail("race", "%s %s %zu bytes at byte %zu of %s, which thread (%u,%u,%u) of the block %s without a barrier between", self, verb(kind),
         bytes, offset, describe_region(region), t.x, t.y, t.z, did);
}

static inline void access_cell(Region &region, Cell &cell, size_t offset, size_t bytes, AccessKind kind, bool must_be_written) {
    uint32_t scope_time = region.is_shared ? block_time : launch_time;
    bool both_atomic = kind == updating && (cell.write.flags & is_atomic) && cell.write.time >= scope_time;
    if (!both_atomic && is_unordered(cell.write, scope_time)) fail_race(region, offset, bytes, kind, cell.write, "wrote");
    if (kind != writing && must_be_written) {
        bool is_written = region.is_shared ? cell.write.time >= block_time : region.is_initialised || cell.write.time != 0;
        if (!is_written)
            fail("uninitialised", "%s reads %zu bytes at byte %zu of %s, which nothing wrote", describe_thread(current_thread), bytes, offset,
                 describe_region(region));
    }
    if (kind == reading) {
        note(cell.read, scope_time, 0);
        return;
    }
    if (is_unordered(cell.read, scope_time)) fail_race(region, offset, bytes, kind, cell.read, "read");
    if (both_atomic) {
        note(cell.write, scope_time, is_atomic);
        return;
    }
    cell.write.time = clock_now;
    cell.write.thread = (uint16_t)current_thread;
    cell.write.flags = (uint16_t)(warp_phases[current_thread / 32] | (kind == updating ? is_atomic : 0));
}

static void access_region(Region &region, size_t offset, size_t bytes, AccessKind kind, bool must_be_written) {
    if (bytes == 0) return;
    refine(region, offset, bytes);
    size_t last = (offset + bytes - 1) >> region.shift;
    for (size_t i = offset >> region.shift; i <= last; i++) access_cell(region, region.cells[i], offset, bytes, kind, must_be_written);
}

[[noreturn]] static void fail_elsewhere(const char *p, size_t bytes, AccessKind kind) {
    const char *self = describe_thread(current_thread);
    if ((uintptr_t)p < page_bytes * 16) fail("out-of-bounds", "%s %s %zu bytes through a null pointer", self, verb(kind), bytes);
    fail("host-pointer", "%s %s %zu bytes of host memory", self, verb(kind), bytes);
}

static void access_arena(const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    Region *region = region_at(p);
    if (!region) fail("out-of-bounds", "%s %s %zu bytes between two device allocations", describe_thread(current_thread), verb(kind), bytes);
    size_t offset = (size_t)(p - region->base);
    if (region->is_freed)
        fail("use-after-free", "%s %s byte %zu of %s, which is freed", describe_thread(current_thread), verb(kind), offset, describe_region(*region));
    if (offset + bytes > region->bytes)
        fail("out-of-bounds", "%s %s %zu bytes at byte %zu of %s", describe_thread(current_thread), verb(kind), bytes, offset, describe_region(*region));
    access_region(*region, offset, bytes, kind, must_be_written);
}

// An access by a thread of a kernel that is not to device memory.
static void access_other(const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    char *own = stack_base(threads[current_thread].fiber);
    if ((size_t)(p - own) < stack_bytes) return;
    if ((size_t)(p - static_shared.base) < static_shared.bytes) {
        access_region(static_shared, (size_t)(p - static_shared.base), bytes, kind, must_be_written);
        return;
    }
    if ((size_t)(p - dynamic_shared.base) < (size_t)max_dynamic_shared_bytes) {
        dynamic_shared.bytes = dynamic_shared_bytes;
        size_t offset = (size_t)(p - dynamic_shared.base);
        if (offset + bytes > dynamic_shared_bytes)
            fail("out-of-bounds", "%s %s %zu bytes at byte %zu of %s", describe_thread(current_thread), verb(kind), bytes, offset,
                 describe_region(dynamic_shared));
        access_region(dynamic_shared, offset, bytes, kind, must_be_written);
        return;
    }
    if ((size_t)(p - stacks) < stack_bytes * most_threads)
        fail("out-of-bounds", "%s %s %zu bytes of another thread's local memory", describe_thread(current_thread), verb(kind), bytes);
    if (p >= constant_begin && p < constant_end) {
        if (kind != reading) fail("host-pointer", "%s %s constant memory", describe_thread(current_thread), verb(kind));
        return;
    }
    // Constants that the compiler placed in the image's read-only part belong to the kernel's code.
    if (kind == reading && p >= image_begin && p < image_end && !(p >= image_writable_begin && p < image_writable_end)) return;
    fail_elsewhere(p, bytes, kind);
}

static inline void access(const void *address, size_t bytes, AccessKind kind, bool must_be_written) {
    const char *p = (const char *)address;
    if (__builtin_expect(!in_kernel, 0) || is_in_arena(p)) {
        if (!is_in_arena(p)) return;
        if (!in_kernel) {
            current_operation = "host code";
            fail("host-pointer", "host code %s %zu bytes of device memory", verb(kind), bytes);
        }
        access_arena(p, bytes, kind, must_be_written);
        return;
    }
    access_other(p, bytes, kind, must_be_written);
}

}  // namespace mupac_simt

extern "C" void mupac_simt_atomic_access(void *address, size_t bytes) { mupac_simt::access(address, bytes, mupac_simt::updating, true); }
