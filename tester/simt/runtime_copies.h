// Copies, fills and frees as operations of streams.
//
// A copy from or to ordinary host memory is over, as far as the host can see, when the call returns; only pinned and
// managed memory is read or written later (CUDA Runtime API 13.0, "API synchronization behavior").

namespace mupac_simt {

static cudaError_t remember(cudaError_t status, const char *call) {
    if (status != cudaSuccess) {
        this_thread.last_error = status;
        report_line("error\t%s\t%s\n", cudaGetErrorName(status), call);
    }
    return status;
}

// The device's variables whose addresses the host has asked for.
struct Asked {
    const char *begin, *end;
};
static Growing<Asked> asked_addresses;

// In host code the name of a device variable is its shadow on the host, another address than that on the device (CUDA C++
// Programming Guide 13.0, "Device Memory Space Specifiers"); here the two are one.
static void judge_name(const void *p, const char *who) {
    if (!is_in(device_variables, p) && !is_in(constant_variables, p)) return;
    for (size_t i = 0; i < asked_addresses.count; i++)
        if (p >= asked_addresses[i].begin && p <= asked_addresses[i].end) return;
    fail("host-pointer", "%s is given a device variable by its name, which is no device pointer on the host", who);
}

static bool is_host_memory(const void *p) {
    if (is_in(device_variables, p) || is_in(constant_variables, p)) return false;
    const Region *region = is_in_arena(p) ? region_at(p) : 0;
    return !is_in_arena(p) || (region && region->home == pinned_home);
}
static bool is_managed(const void *p) {
    const Region *region = is_in_arena(p) ? region_at(p) : 0;
    return is_in(managed_variables, p) || (region && region->home == managed_home);
}
// Host memory that the device cannot reach: a copy from or to it does not outlive the call.
static bool is_pageable(const void *p) { return !known_region(p) && !is_in_arena(p); }

// Copies, saying whose fault it is if memory is not there.
static void move(void *to, const void *from, size_t bytes, const char *call) {
    current_operation = call;
    memmove(to, from, bytes);
    current_operation = "";
}

// The same, without bytes of which a sample of blocks leaves open what they would be.
static void move_known(char *to, const char *from, size_t bytes, const char *call) {
    const Region *region = is_sampled && is_in_arena(from) ? region_at(from) : 0;
    if (region && region->sampled && !is_in_arena(to)) deliver(to, *region, (size_t)(from - region->base), bytes);
    else move(to, from, bytes, call);
}

static bool is_watched(const Region &region) { return has_several_streams || region.home != device_home || &region == &managed_variables; }

// The running operation touches these bytes.
static void touch(const void *p, size_t bytes, AccessKind kind) {
    Region *region = known_region(p);
    if (!region && is_in_arena(p)) fail("out-of-bounds", "%s starts between two allocations", operation_name);
    if (!region) return;
    size_t offset = (size_t)((const char *)p - region->base);
    if (region->is_freed) fail("use-after-free", "%s touches %s, which is freed", operation_name, describe_region(*region));
    if (offset + bytes > region->bytes)
        fail("out-of-bounds", "%s of %zu bytes at byte %zu leaves %s", operation_name, bytes, offset, describe_region(*region));
    if (is_watched(*region)) access_region(*region, offset, bytes, kind, false);
    if (kind == writing) initialise(*region, offset, bytes);
}

static void count_copy(const Operation &o) {
    bool is_from_host = o.staged || is_host_memory(o.from);
    if (is_from_host == is_host_memory(o.to)) return;
    CopyCount &count = is_from_host ? copied_in : copied_out;
    count.copies++;
    count.bytes += o.rectangle.width * o.rectangle.height;
}

// What was copied from `from`, where it lies on the host or on the device, to `to`.
static void note_moved(char *to, const char *from, size_t bytes) {
    if (!counts_needed) return;
    Region *source = is_in_arena(from) ? region_at(from) : 0, *target = is_in_arena(to) ? region_at(to) : 0;
    bool is_from_device = source && has_moved_bytes(*source), is_to_device = target && has_moved_bytes(*target);
    if (is_from_device && is_to_device) note_copy_inside(*target, (size_t)(to - target->base), *source, (size_t)(from - source->base), bytes);
    else if (is_to_device) note_copy_in(*target, (size_t)(to - target->base), from, bytes);
    else if (is_from_device) note_copy_out(*source, (size_t)(from - source->base), to, bytes);
}

static void perform_copy(Operation &o) {
    count_copy(o);
    const char *from = (const char *)(o.staged ? o.staged : o.from);
    size_t source_pitch = o.staged ? o.rectangle.width : o.rectangle.source_pitch;
    for (size_t row = 0; row < o.rectangle.height; row++) {
        const char *source = from + row * source_pitch;
        char *target = (char *)o.to + row * o.rectangle.pitch;
        touch(source, o.rectangle.width, reading);
        touch(target, o.rectangle.width, writing);
        move_known(target, source, o.rectangle.width, o.name);
        note_moved(target, (const char *)o.from + row * o.rectangle.source_pitch, o.rectangle.width);
        if (is_tracing) note_copy(target, o.staged ? 0 : source, o.rectangle.width);
    }
    delete_block(o.staged);
    o.staged = 0;
}

static void perform_fill(Operation &o) {
    for (size_t row = 0; row < o.rectangle.height; row++) {
        char *target = (char *)o.to + row * o.rectangle.pitch;
        touch(target, o.rectangle.width, writing);
        memset(target, o.value, o.rectangle.width);
        Region *region = is_in_arena(target) ? region_at(target) : 0;
        if (region && has_moved_bytes(*region)) note_fill(*region, (size_t)(target - region->base), o.rectangle.width);
        if (is_tracing) note_copy(target, 0, o.rectangle.width);
    }
}

static void check_sides(const void *to, const void *from, cudaMemcpyKind kind, const char *call) {
    if (kind == cudaMemcpyDefault) return;
    bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    if (!is_managed(to) && is_host_memory(to) == to_device)
        fail("host-pointer", "%s takes a %s pointer for the %s it writes", call, to_device ? "host" : "device", to_device ? "device memory" : "host memory");
    if (!is_managed(from) && is_host_memory(from) == from_device)
        fail("host-pointer", "%s takes a %s pointer for the %s it reads", call, from_device ? "host" : "device", from_device ? "device memory" : "host memory");
}

// The areas of a copy of rows may not overlap (CUDA Runtime API 13.0, cudaMemcpy2D).
static void judge_overlap(const void *to, const void *from, const Rectangle &r, const char *call) {
    uintptr_t target = (uintptr_t)to, source = (uintptr_t)from;
    for (size_t row = 0; row < r.height; row++) {
        uintptr_t begin = target + row * r.pitch;
        if (begin + r.width <= source) continue;
        // The first source row that ends behind the start of this target row.
        size_t other = begin < source + r.width ? 0 : (begin - source - r.width) / r.source_pitch + 1;
        if (other < r.height && source + other * r.source_pitch < begin + r.width)
            fail("race", "%s writes row %zu where it reads row %zu", call, row, other);
    }
}

// Keeps what ordinary host memory holds now, for a copy that runs later.
static void stage(Operation &o) {
    o.staged = new_block(o.rectangle.width * o.rectangle.height);
    for (size_t row = 0; row < o.rectangle.height; row++)
        move((char *)o.staged + row * o.rectangle.width, (const char *)o.from + row * o.rectangle.source_pitch, o.rectangle.width, o.name);
}

static cudaError_t copy(void *to, const void *from, Rectangle rectangle, cudaMemcpyKind kind, cudaStream_t handle, bool is_awaited, const char *call) {
    Entry entry;
    if (is_in_kernel()) fail("crash", "a kernel calls %s", call);
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, call);
    if ((int)kind < cudaMemcpyHostToHost || (int)kind > cudaMemcpyDefault) return remember(cudaErrorInvalidMemcpyDirection, call);
    if (rectangle.width == 0 || rectangle.height == 0) return cudaSuccess;
    if (rectangle.height > 1 && (rectangle.width > rectangle.pitch || rectangle.width > rectangle.source_pitch))
        return remember(cudaErrorInvalidPitchValue, call);
    if (!to || !from) return remember(cudaErrorInvalidValue, call);
    check_sides(to, from, kind, call);
    if (rectangle.height > 1) judge_overlap(to, from, rectangle, call);
    Operation &o = queue(stream, call, perform_copy);
    o.to = to;
    o.from = from;
    o.rectangle = rectangle;
    bool returns_early = !is_awaited || !(is_host_memory(to) || is_host_memory(from));
    if (!returns_early || is_pageable(to)) finish(&o);
    else if (is_pageable(from)) stage(o);
    return cudaSuccess;
}

// The same between places that are given by pointers.
static cudaError_t copy_unnamed(void *to, const void *from, Rectangle rectangle, cudaMemcpyKind kind, cudaStream_t handle, bool is_awaited,
                                const char *call) {
    Entry entry;
    judge_name(to, call);
    judge_name(from, call);
    return copy(to, from, rectangle, kind, handle, is_awaited, call);
}

static cudaError_t fill(void *device, int value, Rectangle rectangle, cudaStream_t handle, const char *call) {
    Entry entry;
    if (is_in_kernel()) fail("crash", "a kernel calls %s", call);
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, call);
    if (rectangle.width == 0 || rectangle.height == 0) return cudaSuccess;
    if (rectangle.height > 1 && rectangle.width > rectangle.pitch) return remember(cudaErrorInvalidPitchValue, call);
    if (!device) return remember(cudaErrorInvalidValue, call);
    if (is_pageable(device)) fail("host-pointer", "%s takes a host pointer", call);
    judge_name(device, call);
    Operation &o = queue(stream, call, perform_fill);
    o.to = device;
    o.value = value;
    o.rectangle = rectangle;
    return cudaSuccess;
}

static void perform_release(Operation &o) {
    Region *region = region_at(o.to);
    if (region->is_freed) fail("use-after-free", "%s frees %s again", o.name, describe_region(*region));
    // Whoever still uses it in another stream does so in no order with the end of its life.
    if (is_watched(*region)) access_region(*region, 0, region->bytes, writing, false);
    note_release(*region);
    release(*region);
}

static Rectangle line_of(size_t bytes) {
    Rectangle rectangle = {bytes, bytes, bytes, 1};
    return rectangle;
}

}  // namespace mupac_simt

extern "C" {

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind) {
    return copy_unnamed(to, from, line_of(bytes), kind, 0, true, "cudaMemcpy");
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream) {
    return copy_unnamed(to, from, line_of(bytes), kind, stream, false, "cudaMemcpyAsync");
}
cudaError_t cudaMemcpy2D(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind kind) {
    Rectangle rectangle = {to_pitch, from_pitch, width, height};
    return copy_unnamed(to, from, rectangle, kind, 0, true, "cudaMemcpy2D");
}
cudaError_t cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind kind,
                              cudaStream_t stream) {
    Rectangle rectangle = {to_pitch, from_pitch, width, height};
    return copy_unnamed(to, from, rectangle, kind, stream, false, "cudaMemcpy2DAsync");
}
cudaError_t cudaMemset(void *device, int value, size_t bytes) { return fill(device, value, line_of(bytes), 0, "cudaMemset"); }
cudaError_t cudaMemsetAsync(void *device, int value, size_t bytes, cudaStream_t stream) {
    return fill(device, value, line_of(bytes), stream, "cudaMemsetAsync");
}
cudaError_t cudaMemset2D(void *device, size_t pitch, int value, size_t width, size_t height) {
    Rectangle rectangle = {pitch, pitch, width, height};
    return fill(device, value, rectangle, 0, "cudaMemset2D");
}

cudaError_t mupac_simt_ask_address(const void *symbol, size_t bytes) {
    Entry entry;
    if (!known_region(symbol)) return remember(cudaErrorInvalidSymbol, "cudaGetSymbolAddress");
    mupac_simt::Asked asked = {(const char *)symbol, (const char *)symbol + bytes};
    asked_addresses.add(asked);
    return cudaSuccess;
}

// Of a launch; the arguments of launches inside of kernels are the device's own.
void mupac_simt_judge_argument(const volatile void *p) {
    if (is_in_kernel()) return;
    Entry entry;
    judge_name((const void *)p, "a launch");
}

cudaError_t mupac_simt_copy_symbol(void *to, const void *from, const void *symbol, size_t symbol_bytes, size_t offset, size_t bytes,
                                   enum cudaMemcpyKind kind, cudaStream_t stream, int is_awaited) {
    const char *call = to ? "cudaMemcpyFromSymbol" : "cudaMemcpyToSymbol";
    if (offset > symbol_bytes || bytes > symbol_bytes - offset) return remember(cudaErrorInvalidValue, call);
    if (!known_region(symbol)) return remember(cudaErrorInvalidSymbol, call);
    char *place = (char *)symbol + offset;
    return copy(to ? to : place, to ? place : from, line_of(bytes), kind, stream, is_awaited != 0, call);
}

// `cudaFree` waits for whatever is queued, as every implementation of it does.
static cudaError_t free_home(void *memory, Home home, const char *call) {
    Entry entry;
    if (!memory) return cudaSuccess;
    Region *region = allocation_at(memory);
    if (!region || (region->home == pinned_home) != (home == pinned_home)) return remember(cudaErrorInvalidValue, call);
    finish_all();
    note_release(*region);
    release(*region);
    return cudaSuccess;
}
cudaError_t cudaFree(void *device) { return free_home(device, device_home, "cudaFree"); }

/* Memory that a function under test finds on the device; see harness_memory.h. A bundle brings its own. */
#define TEST extern "C" __attribute__((weak))
TEST char *mupac_test_reserve(size_t bytes) {
    void *device = nullptr;
    return mupac_simt_allocate(&device, bytes, device_home, "cudaMalloc") == cudaSuccess ? (char *)device : nullptr;
}
TEST int mupac_test_copy(void *to, const void *from, size_t bytes, int is_to_device) {
    return cudaMemcpy(to, from, bytes, is_to_device ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToHost) == cudaSuccess;
}
TEST int mupac_test_release(void *device) { return cudaFree(device) == cudaSuccess; }
TEST size_t mupac_test_bytes_from(const void *) { return 0; }
size_t mupac_simt_block_bytes(const void *block) { return mupac_test_bytes_from(block); }
cudaError_t cudaFreeHost(void *host) { return free_home(host, pinned_home, "cudaFreeHost"); }
cudaError_t cudaFreeAsync(void *device, cudaStream_t handle) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, "cudaFreeAsync");
    Region *region = allocation_at(device);
    if (!region || region->home != device_home) return remember(cudaErrorInvalidValue, "cudaFreeAsync");
    queue(stream, "cudaFreeAsync", perform_release).to = device;
    return cudaSuccess;
}

}  // extern "C"
