// The device and its memory in the CUDA Runtime API.
// Limits are those of compute capability 9.0 (CUDA C++ Programming Guide 13.0, "Features and Technical Specifications"),
// but for the number of multiprocessors, which is small.

namespace mupac_simt {

struct Registered {
    char *base;
    size_t bytes;
};
static Growing<Registered> registered;
static int only_pool;
// Whether the text's own thresholds hold; where they do not, every kernel is launched.
static bool keeps_thresholds = true;

}  // namespace mupac_simt

extern "C" {
int mupac_simt_keeps_thresholds() { return keeps_thresholds; }

const char *cudaGetErrorName(cudaError_t status) {
#define MUPAC_SIMT_NAME(name, number, text) case name: return #name;
    switch (status) { MUPAC_SIMT_ERRORS(MUPAC_SIMT_NAME) }
    return "unrecognized error code";
}
const char *cudaGetErrorString(cudaError_t status) {
#define MUPAC_SIMT_TEXT(name, number, text) case name: return text;
    switch (status) { MUPAC_SIMT_ERRORS(MUPAC_SIMT_TEXT) }
    return "unrecognized error code";
}
cudaError_t cudaGetLastError(void) {
    cudaError_t status = this_thread.last_error;
    this_thread.last_error = cudaSuccess;
    return status;
}
cudaError_t cudaPeekAtLastError(void) { return this_thread.last_error; }

cudaError_t cudaGetDeviceCount(int *count) { *count = 1; return cudaSuccess; }
cudaError_t cudaGetDevice(int *device) { *device = 0; return cudaSuccess; }
cudaError_t cudaSetDevice(int device) { return remember(device == 0 ? cudaSuccess : cudaErrorInvalidDevice, "cudaSetDevice"); }
cudaError_t cudaDeviceSetLimit(enum cudaLimit, size_t) { return cudaSuccess; }
cudaError_t cudaRuntimeGetVersion(int *version) { *version = 13000; return cudaSuccess; }
cudaError_t cudaDriverGetVersion(int *version) { *version = 13000; return cudaSuccess; }
cudaError_t cudaDeviceReset(void) {
    Entry entry;
    finish_all();
    for (uint32_t number = 1; number <= region_count; number++)
        if (!regions[number].is_freed) release(regions[number]);
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *p, int device) {
    if (!p || device != 0) return remember(device ? cudaErrorInvalidDevice : cudaErrorInvalidValue, "cudaGetDeviceProperties");
    memset(p, 0, sizeof *p);
    strcpy(p->name, "mupac SIMT emulation");
    p->totalGlobalMem = device_bytes;
    p->sharedMemPerBlock = default_shared_bytes;
    p->sharedMemPerBlockOptin = (size_t)max_dynamic_shared_bytes;
    p->sharedMemPerMultiprocessor = processor_shared_bytes;
    p->totalConstMem = p->regsPerBlock = 65536;
    p->warpSize = 32;
    p->maxThreadsPerBlock = p->maxThreadsDim[0] = p->maxThreadsDim[1] = (int)max_block_threads;
    p->maxThreadsDim[2] = 64;
    p->maxGridSize[0] = 0x7fffffff;
    p->maxGridSize[1] = p->maxGridSize[2] = 65535;
    p->major = 9;
    p->multiProcessorCount = processors;
    p->maxThreadsPerMultiProcessor = most_processor_threads;
    p->maxBlocksPerMultiProcessor = most_processor_blocks;
    p->l2CacheSize = 1 << 20;
    p->concurrentKernels = p->canMapHostMemory = p->managedMemory = p->concurrentManagedAccess = p->unifiedAddressing = p->cooperativeLaunch = 1;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int device) {
    struct cudaDeviceProp p;
    if (!value || device != 0) return remember(device ? cudaErrorInvalidDevice : cudaErrorInvalidValue, "cudaDeviceGetAttribute");
    cudaGetDeviceProperties(&p, 0);
    switch (attribute) {
        case cudaDevAttrMaxThreadsPerBlock: *value = p.maxThreadsPerBlock; return cudaSuccess;
        case cudaDevAttrMaxBlockDimX: *value = p.maxThreadsDim[0]; return cudaSuccess;
        case cudaDevAttrMaxBlockDimY: *value = p.maxThreadsDim[1]; return cudaSuccess;
        case cudaDevAttrMaxBlockDimZ: *value = p.maxThreadsDim[2]; return cudaSuccess;
        case cudaDevAttrMaxGridDimX: *value = p.maxGridSize[0]; return cudaSuccess;
        case cudaDevAttrMaxGridDimY: *value = p.maxGridSize[1]; return cudaSuccess;
        case cudaDevAttrMaxGridDimZ: *value = p.maxGridSize[2]; return cudaSuccess;
        case cudaDevAttrMaxSharedMemoryPerBlock: *value = (int)p.sharedMemPerBlock; return cudaSuccess;
        case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = (int)p.sharedMemPerBlockOptin; return cudaSuccess;
        case cudaDevAttrMaxSharedMemoryPerMultiprocessor: *value = (int)p.sharedMemPerMultiprocessor; return cudaSuccess;
        case cudaDevAttrTotalConstantMemory: *value = (int)p.totalConstMem; return cudaSuccess;
        case cudaDevAttrMaxRegistersPerBlock: *value = p.regsPerBlock; return cudaSuccess;
        case cudaDevAttrWarpSize: *value = p.warpSize; return cudaSuccess;
        case cudaDevAttrMultiProcessorCount: *value = p.multiProcessorCount; return cudaSuccess;
        case cudaDevAttrMaxThreadsPerMultiProcessor: *value = p.maxThreadsPerMultiProcessor; return cudaSuccess;
        case cudaDevAttrMaxBlocksPerMultiprocessor: *value = p.maxBlocksPerMultiProcessor; return cudaSuccess;
        case cudaDevAttrL2CacheSize: *value = p.l2CacheSize; return cudaSuccess;
        case cudaDevAttrComputeCapabilityMajor: *value = p.major; return cudaSuccess;
        case cudaDevAttrComputeCapabilityMinor: *value = p.minor; return cudaSuccess;
        case cudaDevAttrConcurrentKernels: case cudaDevAttrUnifiedAddressing: case cudaDevAttrManagedMemory:
        case cudaDevAttrConcurrentManagedAccess: case cudaDevAttrCooperativeLaunch: case cudaDevAttrMemoryPoolsSupported: *value = 1; return cudaSuccess;
        case cudaDevAttrPageableMemoryAccess: *value = sees_host = is_seeing_device(); return cudaSuccess;
        case cudaDevAttrPageableMemoryAccessUsesHostPageTables: *value = 0; return cudaSuccess;
    }
    return remember(cudaErrorInvalidValue, "cudaDeviceGetAttribute");
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    Entry entry;
    *free_bytes = device_bytes - live_bytes;
    *total_bytes = device_bytes;
    return cudaSuccess;
}

cudaError_t mupac_simt_allocate(void **memory, size_t bytes, Home home, const char *call) {
    Entry entry;
    if (is_in_kernel()) fail("crash", "a kernel calls %s", call);
    return remember(allocate(memory, bytes, home), call);
}
cudaError_t mupac_simt_allocate_pitched(void **memory, size_t *pitch, size_t width, size_t height) {
    if (!pitch || (height && width > device_bytes / height)) return remember(cudaErrorInvalidValue, "cudaMallocPitch");
    *pitch = round_up(width, 512);
    return mupac_simt_allocate(memory, *pitch * height, device_home, "cudaMallocPitch");
}

cudaError_t cudaHostRegister(void *host, size_t bytes, unsigned) {
    Entry entry;
    if (!host || bytes == 0) return remember(cudaErrorInvalidValue, "cudaHostRegister");
    for (size_t i = 0; i < registered.count; i++)
        if ((char *)host < registered[i].base + registered[i].bytes && registered[i].base < (char *)host + bytes)
            return remember(cudaErrorHostMemoryAlreadyRegistered, "cudaHostRegister");
    Registered range = {(char *)host, bytes};
    registered.add(range);
    return cudaSuccess;
}
cudaError_t cudaHostUnregister(void *host) {
    Entry entry;
    for (size_t i = 0; i < registered.count; i++) {
        if (registered[i].base != host) continue;
        registered[i] = registered[--registered.count];
        return cudaSuccess;
    }
    return remember(cudaErrorHostMemoryNotRegistered, "cudaHostUnregister");
}

cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *attributes, const void *p) {
    Entry entry;
    const Region *region = known_region(p);
    bool is_known = region && !region->is_freed;
    attributes->type = !is_known ? cudaMemoryTypeUnregistered : is_managed(p) ? cudaMemoryTypeManaged : is_host_memory(p) ? cudaMemoryTypeHost : cudaMemoryTypeDevice;
    attributes->device = is_known ? 0 : -2;
    attributes->devicePointer = is_known ? (void *)p : 0;
    attributes->hostPointer = attributes->type == cudaMemoryTypeDevice ? 0 : (void *)p;
    return cudaSuccess;
}
cudaError_t cudaMemPrefetchAsync(const void *p, size_t bytes, struct cudaMemLocation where, unsigned flags, cudaStream_t) {
    Entry entry;
    bool is_seen = sees_host && is_pageable(p);
    if ((!is_managed(p) && !is_seen) || flags != 0) return remember(cudaErrorInvalidValue, "cudaMemPrefetchAsync");
    if (is_seen && where.type == cudaMemLocationTypeDevice)
        each_page((const char *)p, bytes, [](const char *part, size_t) { move_page(make_stretch((uintptr_t)part), (uintptr_t)part % stretch_bytes, true); });
    return cudaSuccess;
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *pool, int device) {
    *pool = (cudaMemPool_t)&only_pool;
    return remember(device == 0 ? cudaSuccess : cudaErrorInvalidDevice, "cudaDeviceGetDefaultMemPool");
}
cudaError_t cudaDeviceGetMemPool(cudaMemPool_t *pool, int device) { return cudaDeviceGetDefaultMemPool(pool, device); }
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr, void *) {
    return remember((void *)pool == &only_pool ? cudaSuccess : cudaErrorInvalidValue, "cudaMemPoolSetAttribute");
}
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t) {
    return remember((void *)pool == &only_pool ? cudaSuccess : cudaErrorInvalidValue, "cudaMemPoolTrimTo");
}

}  // extern "C"
