// The part of the CUDA Runtime API that emitted code and careful users call.
#ifndef MUPAC_SIMT_API_H
#define MUPAC_SIMT_API_H

// Names, numbers as in driver_types.h of CUDA 13.0, and what cudaGetErrorString says.
#define MUPAC_SIMT_ERRORS(error)                                                            \
    error(cudaSuccess, 0, "no error")                                                       \
    error(cudaErrorInvalidValue, 1, "invalid argument")                                     \
    error(cudaErrorMemoryAllocation, 2, "out of memory")                                    \
    error(cudaErrorInitializationError, 3, "initialization error")                          \
    error(cudaErrorInvalidConfiguration, 9, "invalid configuration argument")               \
    error(cudaErrorInvalidPitchValue, 12, "invalid pitch argument")                         \
    error(cudaErrorInvalidSymbol, 13, "invalid device symbol")                              \
    error(cudaErrorInvalidDevicePointer, 17, "invalid device pointer")                      \
    error(cudaErrorInvalidMemcpyDirection, 21, "invalid copy direction for memcpy")         \
    error(cudaErrorInvalidDeviceFunction, 98, "invalid device function")                    \
    error(cudaErrorNoDevice, 100, "no CUDA-capable device is detected")                     \
    error(cudaErrorInvalidDevice, 101, "invalid device ordinal")                            \
    error(cudaErrorInvalidResourceHandle, 400, "invalid resource handle")                   \
    error(cudaErrorNotReady, 600, "device not ready")                                       \
    error(cudaErrorIllegalAddress, 700, "an illegal memory access was encountered")         \
    error(cudaErrorLaunchOutOfResources, 701, "too many resources requested for launch")    \
    error(cudaErrorHostMemoryAlreadyRegistered, 712, "part or all of the requested memory range is already mapped") \
    error(cudaErrorHostMemoryNotRegistered, 713, "pointer does not correspond to a registered memory region") \
    error(cudaErrorLaunchFailure, 719, "unspecified launch failure")                        \
    error(cudaErrorCooperativeLaunchTooLarge, 720, "too many blocks in cooperative launch") \
    error(cudaErrorNotSupported, 801, "operation not supported")                            \
    error(cudaErrorUnknown, 999, "unknown error")

#define MUPAC_SIMT_ENUMERATOR(name, number, text) name = number,
enum cudaError { MUPAC_SIMT_ERRORS(MUPAC_SIMT_ENUMERATOR) };
typedef enum cudaError cudaError_t;

enum cudaMemcpyKind {
    cudaMemcpyHostToHost = 0,
    cudaMemcpyHostToDevice = 1,
    cudaMemcpyDeviceToHost = 2,
    cudaMemcpyDeviceToDevice = 3,
    cudaMemcpyDefault = 4
};

enum cudaDeviceAttr {
    cudaDevAttrMaxThreadsPerBlock = 1,
    cudaDevAttrMaxBlockDimX = 2,
    cudaDevAttrMaxBlockDimY = 3,
    cudaDevAttrMaxBlockDimZ = 4,
    cudaDevAttrMaxGridDimX = 5,
    cudaDevAttrMaxGridDimY = 6,
    cudaDevAttrMaxGridDimZ = 7,
    cudaDevAttrMaxSharedMemoryPerBlock = 8,
    cudaDevAttrTotalConstantMemory = 9,
    cudaDevAttrWarpSize = 10,
    cudaDevAttrMaxRegistersPerBlock = 12,
    cudaDevAttrMultiProcessorCount = 16,
    cudaDevAttrConcurrentKernels = 31,
    cudaDevAttrL2CacheSize = 38,
    cudaDevAttrMaxThreadsPerMultiProcessor = 39,
    cudaDevAttrUnifiedAddressing = 41,
    cudaDevAttrComputeCapabilityMajor = 75,
    cudaDevAttrComputeCapabilityMinor = 76,
    cudaDevAttrMaxSharedMemoryPerMultiprocessor = 81,
    cudaDevAttrManagedMemory = 83,
    cudaDevAttrPageableMemoryAccess = 88,
    cudaDevAttrConcurrentManagedAccess = 89,
    cudaDevAttrCooperativeLaunch = 95,
    cudaDevAttrMaxSharedMemoryPerBlockOptin = 97,
    cudaDevAttrPageableMemoryAccessUsesHostPageTables = 100,
    cudaDevAttrMaxBlocksPerMultiprocessor = 106,
    cudaDevAttrMemoryPoolsSupported = 115
};

enum cudaFuncAttribute { cudaFuncAttributeMaxDynamicSharedMemorySize = 8, cudaFuncAttributePreferredSharedMemoryCarveout = 9 };
enum cudaFuncCache { cudaFuncCachePreferNone = 0, cudaFuncCachePreferShared = 1, cudaFuncCachePreferL1 = 2, cudaFuncCachePreferEqual = 3 };
enum cudaMemoryType { cudaMemoryTypeUnregistered = 0, cudaMemoryTypeHost = 1, cudaMemoryTypeDevice = 2, cudaMemoryTypeManaged = 3 };
enum cudaMemPoolAttr { cudaMemPoolAttrReleaseThreshold = 4 };
enum cudaLimit { cudaLimitStackSize = 0, cudaLimitPrintfFifoSize = 1, cudaLimitMallocHeapSize = 2 };

enum cudaMemLocationType { cudaMemLocationTypeInvalid = 0, cudaMemLocationTypeDevice = 1, cudaMemLocationTypeHost = 2 };
struct cudaMemLocation {
    enum cudaMemLocationType type;
    int id;
};

typedef struct mupac_simt_pool *cudaMemPool_t;
typedef void (*cudaHostFn_t)(void *);

struct cudaPointerAttributes {
    enum cudaMemoryType type;
    int device;
    void *devicePointer, *hostPointer;
};

struct cudaFuncAttributes {
    size_t sharedSizeBytes, constSizeBytes, localSizeBytes;
    int maxThreadsPerBlock, numRegs, maxDynamicSharedSizeBytes;
};

struct cudaDeviceProp {
    char name[256];
    size_t totalGlobalMem, sharedMemPerBlock, sharedMemPerBlockOptin, sharedMemPerMultiprocessor, totalConstMem;
    int regsPerBlock, warpSize, maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3];
    int major, minor, multiProcessorCount, maxThreadsPerMultiProcessor, maxBlocksPerMultiProcessor, l2CacheSize;
    int concurrentKernels, integrated, canMapHostMemory, managedMemory, concurrentManagedAccess, unifiedAddressing, cooperativeLaunch;
};

#define cudaStreamDefault 0x0
#define cudaStreamNonBlocking 0x1
#define cudaEventDefault 0x0
#define cudaEventBlockingSync 0x1
#define cudaEventDisableTiming 0x2
#define cudaHostAllocDefault 0x0
#define cudaHostAllocPortable 0x1
#define cudaHostAllocMapped 0x2
#define cudaHostRegisterDefault 0x0
#define cudaMemAttachGlobal 0x1
#define cudaCpuDeviceId (-1)
#define cudaStreamLegacy ((cudaStream_t)0x1)

extern "C" {
const char *cudaGetErrorString(cudaError_t status);
const char *cudaGetErrorName(cudaError_t status);
cudaError_t cudaGetLastError(void);
cudaError_t cudaPeekAtLastError(void);

cudaError_t cudaGetDeviceCount(int *count);
cudaError_t cudaGetDevice(int *device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *properties, int device);
cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int device);
cudaError_t cudaDeviceSynchronize(void);
cudaError_t cudaDeviceReset(void);
cudaError_t cudaDeviceSetLimit(enum cudaLimit limit, size_t value);
cudaError_t cudaRuntimeGetVersion(int *version);
cudaError_t cudaDriverGetVersion(int *version);
cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes);

cudaError_t cudaFree(void *device);
cudaError_t cudaFreeAsync(void *device, cudaStream_t stream);
cudaError_t cudaFreeHost(void *host);
cudaError_t cudaHostRegister(void *host, size_t bytes, unsigned flags);
cudaError_t cudaHostUnregister(void *host);
cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *attributes, const void *p);
cudaError_t cudaMemPrefetchAsync(const void *p, size_t bytes, struct cudaMemLocation where, unsigned flags, cudaStream_t stream = 0);
cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *pool, int device);
cudaError_t cudaDeviceGetMemPool(cudaMemPool_t *pool, int device);
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value);
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t bytes);

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind);
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream = 0);
cudaError_t cudaMemcpy2D(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind kind);
cudaError_t cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind kind,
                              cudaStream_t stream = 0);
cudaError_t cudaMemset(void *device, int value, size_t bytes);
cudaError_t cudaMemsetAsync(void *device, int value, size_t bytes, cudaStream_t stream = 0);
cudaError_t cudaMemset2D(void *device, size_t pitch, int value, size_t width, size_t height);

cudaError_t cudaStreamCreate(cudaStream_t *stream);
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags);
cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned flags, int priority);
cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaStreamQuery(cudaStream_t stream);
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags = 0);
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void *argument);
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = 0);
cudaError_t cudaEventSynchronize(cudaEvent_t event);
cudaError_t cudaEventQuery(cudaEvent_t event);
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t from, cudaEvent_t to);

cudaError_t mupac_simt_allocate(void **memory, size_t bytes, mupac_simt::Home home, const char *call);
cudaError_t mupac_simt_allocate_pitched(void **memory, size_t *pitch, size_t width, size_t height);
cudaError_t mupac_simt_copy_symbol(void *to, const void *from, const void *symbol, size_t symbol_bytes, size_t offset, size_t bytes,
                                   enum cudaMemcpyKind kind, cudaStream_t stream, int is_awaited);
cudaError_t mupac_simt_ask_address(const void *symbol, size_t bytes);
cudaError_t mupac_simt_allow_shared(const void *kernel, int bytes);
cudaError_t mupac_simt_occupancy(int *blocks, int block_threads, size_t shared_bytes);
}

static inline cudaError_t cudaEventCreate(cudaEvent_t *event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }
static inline cudaError_t cudaEventCreate(cudaEvent_t *event, unsigned flags) { return cudaEventCreateWithFlags(event, flags); }

template <class T> inline cudaError_t cudaMalloc(T **device, size_t bytes) { return mupac_simt_allocate((void **)device, bytes, mupac_simt::device_home, "cudaMalloc"); }
template <class T> inline cudaError_t cudaMallocAsync(T **device, size_t bytes, cudaStream_t) { return mupac_simt_allocate((void **)device, bytes, mupac_simt::device_home, "cudaMallocAsync"); }
template <class T> inline cudaError_t cudaMallocFromPoolAsync(T **device, size_t bytes, cudaMemPool_t, cudaStream_t) {
    return mupac_simt_allocate((void **)device, bytes, mupac_simt::device_home, "cudaMallocFromPoolAsync");
}
template <class T> inline cudaError_t cudaMallocPitch(T **device, size_t *pitch, size_t width, size_t height) {
    return mupac_simt_allocate_pitched((void **)device, pitch, width, height);
}
template <class T> inline cudaError_t cudaMallocManaged(T **memory, size_t bytes, unsigned = cudaMemAttachGlobal) {
    return mupac_simt_allocate((void **)memory, bytes, mupac_simt::managed_home, "cudaMallocManaged");
}
template <class T> inline cudaError_t cudaMallocHost(T **host, size_t bytes, unsigned = 0) { return mupac_simt_allocate((void **)host, bytes, mupac_simt::pinned_home, "cudaMallocHost"); }
template <class T> inline cudaError_t cudaHostAlloc(T **host, size_t bytes, unsigned) { return mupac_simt_allocate((void **)host, bytes, mupac_simt::pinned_home, "cudaHostAlloc"); }
template <class T> inline cudaError_t cudaHostGetDevicePointer(T **device, void *host, unsigned) {
    *device = (T *)host;
    return cudaSuccess;
}
template <class T> inline cudaError_t cudaMemcpyToSymbol(const T &symbol, const void *from, size_t bytes, size_t offset = 0, cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return mupac_simt_copy_symbol(0, from, &symbol, sizeof(T), offset, bytes, kind, 0, 1);
}
template <class T>
inline cudaError_t cudaMemcpyToSymbolAsync(const T &symbol, const void *from, size_t bytes, size_t offset, cudaMemcpyKind kind, cudaStream_t stream = 0) {
    return mupac_simt_copy_symbol(0, from, &symbol, sizeof(T), offset, bytes, kind, stream, 0);
}
template <class T> inline cudaError_t cudaMemcpyFromSymbol(void *to, const T &symbol, size_t bytes, size_t offset = 0, cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return mupac_simt_copy_symbol(to, 0, &symbol, sizeof(T), offset, bytes, kind, 0, 1);
}
template <class T>
inline cudaError_t cudaMemcpyFromSymbolAsync(void *to, const T &symbol, size_t bytes, size_t offset, cudaMemcpyKind kind, cudaStream_t stream = 0) {
    return mupac_simt_copy_symbol(to, 0, &symbol, sizeof(T), offset, bytes, kind, stream, 0);
}
template <class P, class T> inline cudaError_t cudaGetSymbolAddress(P **address, const T &symbol) {
    *address = (P *)(void *)&symbol;
    return mupac_simt_ask_address(&symbol, sizeof(T));
}
template <class T> inline cudaError_t cudaGetSymbolSize(size_t *bytes, const T &) {
    *bytes = sizeof(T);
    return cudaSuccess;
}
template <class T> inline cudaError_t cudaFuncSetAttribute(T *kernel, cudaFuncAttribute attribute, int value) {
    return attribute == cudaFuncAttributeMaxDynamicSharedMemorySize ? mupac_simt_allow_shared((const void *)kernel, value) : cudaSuccess;
}
template <class T> inline cudaError_t cudaFuncSetCacheConfig(T *, cudaFuncCache) { return cudaSuccess; }
template <class T> inline cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, T *) {
    *attributes = cudaFuncAttributes{0, 0, 0, 1024, 32, 48 * 1024};
    return cudaSuccess;
}
template <class T> inline cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, T, int block_threads, size_t shared_bytes) {
    return mupac_simt_occupancy(blocks, block_threads, shared_bytes);
}
template <class T> inline cudaError_t cudaOccupancyMaxPotentialBlockSize(int *grid, int *block_threads, T, size_t shared_bytes = 0, int limit = 0) {
    *block_threads = limit > 0 && limit < 1024 ? limit : 1024;
    cudaError_t status = mupac_simt_occupancy(grid, *block_threads, shared_bytes);
    *grid *= 4;  // multiprocessors of the emulated device
    return status;
}

#endif
