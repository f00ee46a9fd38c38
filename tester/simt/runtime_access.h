// Judges one access: is the memory there, was it written, and is the access in order with those before it?
//
// Accesses conflict if they are not in order (runtime_order.h), at least one writes, and not both are strong: atomic, or
// volatile in global memory, where a flag may be polled. Two volatile writes conflict all the same, and in shared memory
// volatile is no more than plain: code that relies on lanes in step is wrong since compute capability 7.0.
// Writing the same value twice conflicts too: CUDA C++ makes no promise for it.

namespace mupac_simt {

// Behind the variables of each kind, so that an access past the last of them hits nothing else.
const size_t variable_padding = 4096;
#define MUPAC_SIMT_PADDING(kind) static char kind##_padding[variable_padding] __attribute__((section("mupac_" #kind), used, aligned(1)));
MUPAC_SIMT_PADDING(device)
MUPAC_SIMT_PADDING(constant)
MUPAC_SIMT_PADDING(managed)

static uint32_t last_host_access = 0;  // the host's phase in which it last touched memory that it shares
static char *image_begin = 0, *image_end = 0, *image_writable_begin = 0, *image_writable_end = 0;
// The name of the copy or fill that runs; it acts like a launch of one thread.
static const char *operation_name = "";

enum AccessKind { reading, writing, updating, updating_in_block, glancing, peeking, poking };
// updating: atomic read and write, among all threads or those of the block; glancing: atomic read; peeking and poking:
// volatile read and write.

static bool reads(AccessKind kind) { return kind != writing && kind != poking; }
static bool writes(AccessKind kind) { return kind == writing || kind == poking || kind == updating || kind == updating_in_block; }

static const char *verb(AccessKind kind) { return kind == updating || kind == updating_in_block ? "atomically updates" : writes(kind) ? "writes" : "reads"; }

static const char *describe_actor() {
    static char text[96];
    if (!is_in_kernel()) return operation_name[0] ? operation_name : "host code";
    const uint3 &t = thread_indices[current_thread];
    snprintf(text, sizeof text, "thread (%u,%u,%u) of block (%u,%u,%u)", t.x, t.y, t.z, block_index.x, block_index.y, block_index.z);
    return text;
}

static const char *describe_region(const Region &region) {
    static char text[96];
    if (&region == &static_shared) return "static shared memory";
    if (&region == &device_variables || &region == &managed_variables) return "the device's variables";
    if (&region == &constant_variables) return "constant memory";
    if (region.home == host_home) return "memory of the host";
    const char *kind = region.home == device_home ? "device" : region.home == pinned_home ? "pinned" : "managed";
    if (&region == &dynamic_shared) snprintf(text, sizeof text, "the %zu bytes of dynamic shared memory", region.bytes);
    else snprintf(text, sizeof text, "the %zu bytes of %s allocation %ld", region.bytes, kind, (long)(&region - regions));
    return text;
}

// Who made an access that is not in order with the running one.
static const char *describe_earlier(const Record &earlier) {
    static char text[96];
    if (earlier.flags & by_host) return "the host";
    if (earlier.time < operation_begin) return "work of another stream";
    if (phase_of(earlier.time).block != block_now || (earlier.flags & several_blocks)) return "another block of the launch";
    int thread = (earlier.flags & warp_mask) * 32 + __builtin_ctz(earlier.lanes | 0x80000000u);
    if (thread == current_thread || (earlier.flags & several_warps)) return "another thread of the block";
    const uint3 &t = thread_indices[thread];
    snprintf(text, sizeof text, "thread (%u,%u,%u) of the block", t.x, t.y, t.z);
    return text;
}

[[noreturn]] static void fail_race(const Region &region, size_t offset, size_t bytes, AccessKind kind, const Record &earlier, const char *did) {
    is_late_writer = has_read_unwritten && &region == unwritten_region;
    bool is_outside = (earlier.flags & by_host) || earlier.time < operation_begin;
    fail("race", "%s %s %zu bytes at byte %zu of %s, which %s %s without %s between", describe_actor(), verb(kind), bytes, offset,
         describe_region(region), describe_earlier(earlier), did, is_outside ? "waiting" : "a barrier");
}

// Whether two accesses that may both be strong are no conflict although they are not in order: two of different sizes are
// one (PTX ISA 9.0, "Morally strong operations": they overlap completely).
static inline bool is_strong_pair(const Record &earlier, uint16_t flags) {
    if (!(flags & earlier.flags & is_strong) || ((flags ^ earlier.flags) & size_mask)) return false;
    if (!((flags | earlier.flags) & is_block_scoped)) return true;
    return !(earlier.flags & several_blocks) && earlier.time >= operation_begin && phase_of(earlier.time).block == block_now;
}

// Whether the last of several atomic accesses was by the running thread, or by its block before a barrier: it saw all of
// those before it.
static bool has_seen_all(const Record &record) {
    if (!is_in_kernel() || !(record.flags & is_strong) || (record.flags & (is_volatile | by_host)) || record.time < operation_begin) return false;
    if (phase_of(record.time).block != block_now) return false;
    return record.time != phase_now || (record.lanes == lane_bit && (record.flags & warp_mask) == warp_now);
}

static inline uint16_t size_flags(size_t bytes) { return (uint16_t)((bytes > 8 ? 3 : __builtin_ctzll(bytes | 8)) << size_shift); }

// The time before which all that was done to a region is in order with the running operation.
static inline uint32_t ordered_until(const Region &region) { return region.is_shared ? knowledge->first_phase : floor_time; }

static inline bool is_written(const Region &region, const Cell &cell) {
    return region.is_shared ? cell.write.time >= ordered_until(region) : region.is_initialised || cell.write.time != 0;
}

static inline __attribute__((always_inline)) void access_cell(Region &region, Cell &cell, size_t offset, size_t bytes, AccessKind kind, bool must_be_written) {
    uint32_t since = ordered_until(region);
    uint16_t flags = kind == reading || kind == writing ? 0 : is_strong | size_flags(bytes);
    if (kind == peeking || kind == poking) flags |= is_volatile;
    if (kind == updating_in_block) flags |= is_block_scoped;
    if (!is_in_kernel() && !operation_name[0]) flags |= by_host;
    bool both_strong = is_strong_pair(cell.write, flags);
    if (kind == poking && (cell.write.flags & is_volatile)) both_strong = false;
    if (!both_strong && is_unordered(cell.write, since) && !has_seen_all(cell.write)) fail_race(region, offset, bytes, kind, cell.write, "wrote");
    if (reads(kind) && must_be_written) {
        if (!is_written(region, cell)) tell_unwritten(&region, "%s reads %zu bytes at byte %zu of %s, which nothing wrote", describe_actor(), bytes, offset, describe_region(region));
    }
    if (!writes(kind)) {
        note(cell.read, since, flags);
        return;
    }
    if (!is_strong_pair(cell.read, flags) && is_unordered(cell.read, since)) fail_race(region, offset, bytes, kind, cell.read, "read");
    if (both_strong) {
        note(cell.write, since, flags);
        return;
    }
    set_only(cell.write, flags);
}

static __attribute__((noinline)) void access_cells(Region &region, size_t offset, size_t bytes, AccessKind kind, bool must_be_written) {
    refine(region, offset, bytes);
    if (__builtin_expect(bytes >> region.shift == 1, 1)) {
        access_cell(region, region.cells[offset >> region.shift], offset, bytes, kind, must_be_written);
        return;
    }
    size_t last = (offset + bytes - 1) >> region.shift;
    for (size_t i = offset >> region.shift; i <= last; i++) access_cell(region, region.cells[i], offset, bytes, kind, must_be_written);
}

// Whether a read is of one cell that the running thread read before, written in an earlier phase; most are.
static inline bool repeats(const Region &region, size_t offset, size_t bytes, bool must_be_written) {
    if (region.shift < 0 || bytes != (size_t)1 << region.shift || (offset & (bytes - 1))) return false;
    const Cell &cell = region.cells[offset >> region.shift];
    return is_long_ago(cell.write, ordered_until(region)) && is_read_again(cell.read) && (!must_be_written || is_written(region, cell));
}

static inline void access_region(Region &region, size_t offset, size_t bytes, AccessKind kind, bool must_be_written) {
    if (bytes == 0 || (kind == reading && repeats(region, offset, bytes, must_be_written))) return;
    access_cells(region, offset, bytes, kind, must_be_written);
}

// The value that a strong access is about to see.
static unsigned long long value_at(const char *p, size_t bytes) {
    unsigned long long value = 0;
    memcpy(&value, p, bytes < sizeof value ? bytes : sizeof value);
    return value;
}

static inline void access_device(Region &region, const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    size_t offset = (size_t)(p - region.base);
    if (region.is_freed)
        fail("use-after-free", "%s %s byte %zu of %s, which is freed", describe_actor(), verb(kind), offset, describe_region(region));
    if (offset + bytes > region.bytes)
        fail("out-of-bounds", "%s %s %zu bytes at byte %zu of %s", describe_actor(), verb(kind), bytes, offset, describe_region(region));
    if (__builtin_expect(sample_size, 0) && is_in_kernel() && writes(kind)) note_sampled(region, offset, bytes, kind != writing);
    if (__builtin_expect(counts_needed, 0) && is_in_kernel() && has_moved_bytes(region)) note_kernel(region, offset, bytes, reads(kind), writes(kind));
    if (is_in_kernel() && kind != reading && kind != writing) {
        if (reads(kind)) poll(p, value_at(p, bytes));
        access_region(region, offset, bytes, kind, must_be_written);
        synchronise(p, reads(kind), writes(kind));
        return;
    }
    access_region(region, offset, bytes, kind, must_be_written);
}

static inline void access_arena(const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    Region *region = region_at(p);
    if (!region) fail("out-of-bounds", "%s %s %zu bytes between two device allocations", describe_actor(), verb(kind), bytes);
    access_device(*region, p, bytes, kind, must_be_written);
}

static inline void access_shared(Region &region, const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    size_t offset = (size_t)(p - region.base);
    if (offset + bytes > region.bytes)
        fail("out-of-bounds", "%s %s %zu bytes at byte %zu of %s", describe_actor(), verb(kind), bytes, offset, describe_region(region));
    bool is_atomic = kind == updating || kind == updating_in_block || kind == glancing;
    if (kind != reading && kind != writing && kind != poking) poll(p, value_at(p, bytes));
    if (kind == peeking) kind = reading;
    if (kind == poking) kind = writing;
    access_region(region, offset, bytes, kind, must_be_written);
    // The same address is other memory in another block.
    uintptr_t place = (uintptr_t)p ^ ((uintptr_t)block_now + 1) << 40;
    if (is_atomic) synchronise((const void *)place, reads(kind), writes(kind));
}

// Whether `p` lies beside a region rather than in memory of the host: next to shared memory there is nothing of the
// program, and behind the device's variables there is padding.
static bool is_beside(const Region &region, const char *p) {
    size_t before = &region == &static_shared ? page_bytes : 0;
    return region.bytes > 0 && p + before >= region.base && p < region.base + region.bytes + variable_padding;
}

// Whether nothing of the host's lies at `p`.
static bool is_nobodys(const char *p) {
    return is_beside(static_shared, p) || is_beside(device_variables, p) || is_beside(constant_variables, p) || is_beside(managed_variables, p) ||
           (uintptr_t)p < page_bytes * 16;
}

[[noreturn]] static void fail_elsewhere(const char *p, size_t bytes, AccessKind kind) {
    const Region *const known[] = {&static_shared, &device_variables, &constant_variables, &managed_variables};
    for (const Region *region : known)
        if (is_beside(*region, p))
            fail("out-of-bounds", "%s %s %zu bytes at byte %ld of %s", describe_actor(), verb(kind), bytes, (long)(p - region->base), describe_region(*region));
    if ((uintptr_t)p < page_bytes * 16) fail("out-of-bounds", "%s %s %zu bytes through a null pointer", describe_actor(), verb(kind), bytes);
    fail("host-pointer", "%s %s %zu bytes of host memory", describe_actor(), verb(kind), bytes);
}

// An access to memory of the host by a kernel, or by the host while work waits for the device.
static void access_host_memory(const char *p, size_t bytes, AccessKind kind, bool is_by_kernel) {
    each_page(p, bytes, [=](const char *part, size_t some) {
        Stretch &stretch = make_stretch((uintptr_t)part);
        move_page(stretch, (uintptr_t)part % stretch_bytes, is_by_kernel);
        access_device(stretch.region, part, some, kind, false);
    });
}

// An access by a thread of a kernel that is not to device memory.
static inline void access_other(const char *p, size_t bytes, AccessKind kind, bool must_be_written) {
    if (is_in(static_shared, p)) {
        access_shared(static_shared, p, bytes, kind, must_be_written);
        return;
    }
    const char *own = stack_base(block->threads[current_thread].fiber);
    if ((uintptr_t)p - (uintptr_t)own < stack_bytes) return;
    if ((uintptr_t)p - (uintptr_t)dynamic_shared.base < (uintptr_t)max_dynamic_shared_bytes) {
        access_shared(dynamic_shared, p, bytes, kind, must_be_written);
        return;
    }
    if (Region *region = known_region(p)) {
        if (region == &constant_variables && kind != reading && kind != peeking) fail("host-pointer", "%s %s constant memory", describe_actor(), verb(kind));
        access_device(*region, p, bytes, kind, must_be_written);
        return;
    }
    if ((uintptr_t)p - (uintptr_t)stacks < stack_bytes * most_fibers)
        fail("out-of-bounds", "%s %s %zu bytes of another thread's local memory", describe_actor(), verb(kind), bytes);
    // Constants that the compiler placed in the image's read-only part belong to the kernel's code.
    bool is_constant = p >= image_begin && p < image_end && !(p >= image_writable_begin && p < image_writable_end);
    if (is_constant && !writes(kind)) return;
    if (sees_host && !is_nobodys(p)) return access_host_memory(p, bytes, kind, true);
    fail_elsewhere(p, bytes, kind);
}

static bool is_work_waiting();

// An access by host code to memory that the device sees.
static void access_seen_by_host(const char *p, size_t bytes, AccessKind kind) {
    bool is_early = is_work_waiting();
    if (!is_early && ((uintptr_t)p >= seen_end || (uintptr_t)p + bytes <= seen_begin)) return;
    Entry entry;
    if (is_early && !operation_name[0]) {
        last_host_access = phase_now;
        access_host_memory(p, bytes, writes(kind) ? writing : reading, false);
        return;
    }
    each_page(p, bytes, [](const char *part, size_t) {
        if (Stretch *stretch = find_stretch((uintptr_t)part)) move_page(*stretch, (uintptr_t)part % stretch_bytes, false);
    });
}

// An access by host code; only memory that the device knows is watched.
static void access_by_host(const char *p, size_t bytes, AccessKind kind) {
    Region *region = known_region(p);
    if (!region) {
        if (is_in_arena(p)) fail("out-of-bounds", "host code %s %zu bytes between two allocations", verb(kind), bytes);
        if (__builtin_expect(counts_needed, 0)) note_host(p, bytes, writes(kind));
        if (__builtin_expect(sees_host, 0)) access_seen_by_host(p, bytes, kind);
        return;
    }
    Entry entry;
    bool is_shared_with_host = region == &managed_variables || (is_in_arena(p) && region->home != device_home);
    if (!is_shared_with_host && !region->is_freed) fail("host-pointer", "host code %s %zu bytes of device memory", verb(kind), bytes);
    if (!operation_name[0]) last_host_access = phase_now;
    access_device(*region, p, bytes, writes(kind) ? writing : reading, false);
}

static inline void access(const void *address, size_t bytes, AccessKind kind, bool must_be_written) {
    const char *p = (const char *)address;
    if (__builtin_expect(!is_in_kernel(), 0)) access_by_host(p, bytes, kind);
    else if (is_in_arena(p)) access_arena(p, bytes, kind, must_be_written);
    else access_other(p, bytes, kind, must_be_written);
    if (__builtin_expect(is_tracing, 0)) {
        Entry entry;
        note_access(p, bytes, writes(kind));
    }
}

static inline void come_from(const void *place) {
    if (__builtin_expect(is_tracing, 0)) this_thread.site = place;
}

// A device faults where an address is no multiple of the size that its type is aligned to (CUDA C++ Programming Guide
// 13.0, "Size and Alignment Requirement"); the processor that runs this does not.
static void judge_alignment(const void *address, size_t alignment) {
    if (!is_in_kernel() || (uintptr_t)address % alignment == 0) return;
    const char *p = (const char *)address;
    const Region *region = is_in(static_shared, p) ? &static_shared : is_in(dynamic_shared, p) ? &dynamic_shared : known_region(p);
    if (!region) fail("misaligned", "%s uses an address that is no multiple of %zu for a value that is aligned so", describe_actor(), alignment);
    fail("misaligned", "%s uses byte %ld of %s for a value that is aligned to %zu bytes", describe_actor(), (long)(p - region->base),
         describe_region(*region), alignment);
}

// A subscript beyond an array of known extent, wherever that lies: private arrays, members, rows of shared arrays.
[[noreturn]] static void fail_subscript(long long subscript, const char *array) {
    fail("out-of-bounds", "%s uses subscript %lld of an array of type %s", describe_actor(), subscript, array);
}

}  // namespace mupac_simt

extern "C" void mupac_simt_atomic_access(void *address, size_t bytes, int is_in_block, const void *place) {
    mupac_simt::come_from(place);
    mupac_simt::judge_alignment(address, bytes);
    mupac_simt::access(address, bytes, is_in_block ? mupac_simt::updating_in_block : mupac_simt::updating, true);
}
