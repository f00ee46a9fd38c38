// The CUDA Runtime API over the emulated device.
// Streams keep their order and run at once; events are time stamps.
// Limits are those of compute capability 9.0 (CUDA C++ Programming Guide 13.0, "Features and Technical Specifications").

namespace mupac_simt {

const unsigned max_block_threads = 1024;
const unsigned default_shared_bytes = 48 * 1024;
const int most_kernels_with_shared = 256;

struct SharedLimit {
    const void *kernel;
    int bytes;
};
static SharedLimit shared_limits[most_kernels_with_shared];
static int shared_limit_count = 0;

static cudaError_t last_error = cudaSuccess;

static cudaError_t remember(cudaError_t status, const char *call) {
    if (status != cudaSuccess) {
        last_error = status;
        report_line("error\t%s\t%s\n", cudaGetErrorName(status), call);
    }
    return status;
}

// Whether `bytes` at `p` are device memory, host memory or neither.
enum Side { host_side, device_side, no_side };
static Side side_of(const void *p, size_t bytes) {
    if (!is_in_arena(p)) return host_side;
    Region *region = region_at(p);
    if (!region || region->is_freed) return no_side;
    return (size_t)((const char *)p - region->base) + bytes <= region->bytes ? device_side : no_side;
}

static void written_by_host(void *device, size_t bytes) {
    Region *region = region_at(device);
    if (region) initialise(*region, (size_t)((char *)device - region->base), bytes);
}

static void *fetch(void *to, const void *from, size_t bytes, const char *operation) {
    current_operation = operation;
    memmove(to, from, bytes);
    current_operation = "";
    return to;
}

static cudaError_t copy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind, const char *call) {
    if (in_kernel) fail("crash", "a kernel calls %s", call);
    if (bytes == 0) return cudaSuccess;
    Side target = side_of(to, bytes), source = side_of(from, bytes);
    if (target == no_side || source == no_side) {
        current_kernel = "";
        fail("out-of-bounds", "%s of %zu bytes leaves its device allocation or touches a freed one", call, bytes);
    }
    if (kind != cudaMemcpyDefault) {
        Side wanted_target = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice ? device_side : host_side;
        Side wanted_source = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice ? device_side : host_side;
        if (target != wanted_target || source != wanted_source)
            fail("host-pointer", "%s of %zu bytes takes a %s pointer for a %s pointer", call, bytes,
                 target != wanted_target ? (target == host_side ? "host" : "device") : (source == host_side ? "host" : "device"),
                 target != wanted_target ? (target == host_side ? "device" : "host") : (source == host_side ? "device" : "host"));
    }
    fetch(to, from, bytes, call);
    if (target == device_side) written_by_host(to, bytes);
    return cudaSuccess;
}

static cudaError_t fill(void *device, int value, size_t bytes, const char *call) {
    if (bytes == 0) return cudaSuccess;
    if (side_of(device, bytes) != device_side) fail("host-pointer", "%s of %zu bytes is not on device memory", call, bytes);
    memset(device, value, bytes);
    written_by_host(device, bytes);
    return cudaSuccess;
}

static int shared_limit(const void *kernel) {
    for (int i = 0; i < shared_limit_count; i++)
        if (shared_limits[i].kernel == kernel) return shared_limits[i].bytes;
    return default_shared_bytes;
}

static cudaError_t check_configuration(const Configuration &c, const void *kernel) {
    uint64_t in_block = (uint64_t)c.block.x * c.block.y * c.block.z;
    if (in_block == 0 || c.grid.x == 0 || c.grid.y == 0 || c.grid.z == 0) return cudaErrorInvalidConfiguration;
    if (in_block > max_block_threads || c.block.x > 1024 || c.block.y > 1024 || c.block.z > 64) return cudaErrorInvalidConfiguration;
    if (c.grid.x > 0x7fffffffu || c.grid.y > 65535 || c.grid.z > 65535) return cudaErrorInvalidConfiguration;
    if (c.shared_bytes > (size_t)shared_limit(kernel)) return cudaErrorInvalidValue;
    return cudaSuccess;
}

}  // namespace mupac_simt

struct mupac_simt_stream { int is_destroyed; };
struct mupac_simt_event { struct timespec at; };

extern "C" {

void mupac_simt_launch(const Launch *launch) {
    if (in_kernel) fail("crash", "a kernel launches %s", launch->kernel);
    const void *kernel = *(const void *const *)launch->state;  // `Bound::kernel` is the first member
    const Configuration &c = launch->configuration;
    if (remember(check_configuration(c, kernel), launch->kernel) != cudaSuccess) return;
    block_extent = c.block;
    grid_extent = c.grid;
    thread_count = (int)(c.block.x * c.block.y * c.block.z);
    dynamic_shared_bytes = c.shared_bytes;
    dynamic_shared.bytes = c.shared_bytes;
    current_kernel = launch->kernel;
    count_launch(launch->kernel);
    run_grid(*launch);
    current_kernel = "";
}

const char *cudaGetErrorName(cudaError_t status) {
    switch (status) {
        case cudaSuccess: return "cudaSuccess";
        case cudaErrorInvalidValue: return "cudaErrorInvalidValue";
        case cudaErrorMemoryAllocation: return "cudaErrorMemoryAllocation";
        case cudaErrorInitializationError: return "cudaErrorInitializationError";
        case cudaErrorInvalidConfiguration: return "cudaErrorInvalidConfiguration";
        case cudaErrorInvalidSymbol: return "cudaErrorInvalidSymbol";
        case cudaErrorInvalidDevicePointer: return "cudaErrorInvalidDevicePointer";
        case cudaErrorInvalidMemcpyDirection: return "cudaErrorInvalidMemcpyDirection";
        case cudaErrorNoDevice: return "cudaErrorNoDevice";
        case cudaErrorInvalidDevice: return "cudaErrorInvalidDevice";
        case cudaErrorInvalidResourceHandle: return "cudaErrorInvalidResourceHandle";
        case cudaErrorNotReady: return "cudaErrorNotReady";
        case cudaErrorIllegalAddress: return "cudaErrorIllegalAddress";
        case cudaErrorLaunchOutOfResources: return "cudaErrorLaunchOutOfResources";
        case cudaErrorLaunchFailure: return "cudaErrorLaunchFailure";
        case cudaErrorNotSupported: return "cudaErrorNotSupported";
        case cudaErrorUnknown: return "cudaErrorUnknown";
    }
    return "unrecognized error code";
}

const char *cudaGetErrorString(cudaError_t status) {
    switch (status) {
        case cudaSuccess: return "no error";
        case cudaErrorInvalidValue: return "invalid argument";
        case cudaErrorMemoryAllocation: return "out of memory";
        case cudaErrorInvalidConfiguration: return "invalid configuration argument";
        case cudaErrorInvalidDevicePointer: return "invalid device pointer";
        case cudaErrorNoDevice: return "no CUDA-capable device is detected";
        case cudaErrorInvalidDevice: return "invalid device ordinal";
        default: return cudaGetErrorName(status);
    }
}

cudaError_t cudaGetLastError(void) {
    cudaError_t status = last_error;
    last_error = cudaSuccess;
    return status;
}
cudaError_t cudaPeekAtLastError(void) { return last_error; }
cudaError_t cudaGetDeviceCount(int *count) { *count = 1; return cudaSuccess; }
cudaError_t cudaGetDevice(int *device) { *device = 0; return cudaSuccess; }
cudaError_t cudaSetDevice(int device) { return remember(device == 0 ? cudaSuccess : cudaErrorInvalidDevice, "cudaSetDevice"); }
cudaError_t cudaDeviceSynchronize(void) { return cudaSuccess; }
cudaError_t cudaDeviceReset(void) { return cudaSuccess; }

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *p, int device) {
    if (device != 0) return remember(cudaErrorInvalidDevice, "cudaGetDeviceProperties");
    struct cudaDeviceProp made = {"mupac SIMT emulation", device_bytes, default_shared_bytes, (size_t)max_dynamic_shared_bytes, 65536, 65536, 32,
        (int)max_block_threads, {1024, 1024, 64}, {0x7fffffff, 65535, 65535}, 9, 0, 4, 2048, 1 << 20, 1, 0, 0, 0, 1};
    *p = made;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int) {
    switch (attribute) {
        case cudaDevAttrMaxThreadsPerBlock: *value = (int)max_block_threads; return cudaSuccess;
        case cudaDevAttrMaxBlockDimX: case cudaDevAttrMaxBlockDimY: *value = 1024; return cudaSuccess;
        case cudaDevAttrMaxBlockDimZ: *value = 64; return cudaSuccess;
        case cudaDevAttrMaxGridDimX: *value = 0x7fffffff; return cudaSuccess;
        case cudaDevAttrMaxGridDimY: case cudaDevAttrMaxGridDimZ: *value = 65535; return cudaSuccess;
        case cudaDevAttrMaxSharedMemoryPerBlock: *value = (int)default_shared_bytes; return cudaSuccess;
        case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = max_dynamic_shared_bytes; return cudaSuccess;
        case cudaDevAttrWarpSize: *value = 32; return cudaSuccess;
        case cudaDevAttrMultiProcessorCount: *value = 4; return cudaSuccess;
        case cudaDevAttrComputeCapabilityMajor: *value = 9; return cudaSuccess;
        case cudaDevAttrComputeCapabilityMinor: *value = 0; return cudaSuccess;
    }
    return remember(cudaErrorInvalidValue, "cudaDeviceGetAttribute");
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    *free_bytes = device_bytes - live_bytes;
    *total_bytes = device_bytes;
    return cudaSuccess;
}

cudaError_t mupac_simt_allocate(void **device, size_t bytes) { return remember(allocate(device, bytes), "cudaMalloc"); }
cudaError_t cudaFree(void *device) { return remember(release(device), "cudaFree"); }
cudaError_t cudaFreeAsync(void *device, cudaStream_t) { return remember(release(device), "cudaFreeAsync"); }
cudaError_t mupac_simt_allocate_host(void **host, size_t bytes) {
    *host = malloc(bytes ? bytes : 1);
    return remember(*host ? cudaSuccess : cudaErrorMemoryAllocation, "cudaMallocHost");
}
cudaError_t cudaFreeHost(void *host) { free(host); return cudaSuccess; }
cudaError_t cudaHostRegister(void *, size_t, unsigned) { return cudaSuccess; }
cudaError_t cudaHostUnregister(void *) { return cudaSuccess; }

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind) {
    return remember(copy(to, from, bytes, kind, "cudaMemcpy"), "cudaMemcpy");
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t) {
    return remember(copy(to, from, bytes, kind, "cudaMemcpyAsync"), "cudaMemcpyAsync");
}
cudaError_t cudaMemcpy2D(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind kind) {
    if (width > to_pitch || width > from_pitch) return remember(cudaErrorInvalidValue, "cudaMemcpy2D");
    for (size_t row = 0; row < height; row++)
        copy((char *)to + row * to_pitch, (const char *)from + row * from_pitch, width, kind, "cudaMemcpy2D");
    return cudaSuccess;
}
cudaError_t cudaMemset(void *device, int value, size_t bytes) { return remember(fill(device, value, bytes, "cudaMemset"), "cudaMemset"); }
cudaError_t cudaMemsetAsync(void *device, int value, size_t bytes, cudaStream_t) {
    return remember(fill(device, value, bytes, "cudaMemsetAsync"), "cudaMemsetAsync");
}
cudaError_t mupac_simt_copy_to_symbol(const void *symbol, size_t symbol_bytes, const void *from, size_t bytes, size_t offset) {
    if (offset > symbol_bytes || bytes > symbol_bytes - offset) return remember(cudaErrorInvalidValue, "cudaMemcpyToSymbol");
    fetch((char *)symbol + offset, from, bytes, "cudaMemcpyToSymbol");
    return cudaSuccess;
}
cudaError_t mupac_simt_copy_from_symbol(void *to, const void *symbol, size_t symbol_bytes, size_t bytes, size_t offset) {
    if (offset > symbol_bytes || bytes > symbol_bytes - offset) return remember(cudaErrorInvalidValue, "cudaMemcpyFromSymbol");
    fetch(to, (const char *)symbol + offset, bytes, "cudaMemcpyFromSymbol");
    return cudaSuccess;
}
cudaError_t mupac_simt_allow_shared(const void *kernel, int bytes) {
    if (bytes < 0 || bytes > max_dynamic_shared_bytes || shared_limit_count == most_kernels_with_shared)
        return remember(cudaErrorInvalidValue, "cudaFuncSetAttribute");
    shared_limits[shared_limit_count].kernel = kernel;
    shared_limits[shared_limit_count++].bytes = bytes;
    return cudaSuccess;
}

cudaError_t cudaStreamCreate(cudaStream_t *stream) {
    *stream = (cudaStream_t)calloc(1, sizeof(struct mupac_simt_stream));
    return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned) { return cudaStreamCreate(stream); }
cudaError_t cudaStreamDestroy(cudaStream_t stream) { free(stream); return cudaSuccess; }
cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
cudaError_t cudaStreamQuery(cudaStream_t) { return cudaSuccess; }
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned) { return cudaSuccess; }
cudaError_t cudaEventCreate(cudaEvent_t *event) {
    *event = (cudaEvent_t)calloc(1, sizeof(struct mupac_simt_event));
    return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned) { return cudaEventCreate(event); }
cudaError_t cudaEventDestroy(cudaEvent_t event) { free(event); return cudaSuccess; }
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) { clock_gettime(CLOCK_MONOTONIC, &event->at); return cudaSuccess; }
cudaError_t cudaEventSynchronize(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventQuery(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t from, cudaEvent_t to) {
    *milliseconds = (float)((double)(to->at.tv_sec - from->at.tv_sec) * 1e3 + (double)(to->at.tv_nsec - from->at.tv_nsec) * 1e-6);
    return cudaSuccess;
}

}  // extern "C"
