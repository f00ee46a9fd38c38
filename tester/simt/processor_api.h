// Memory and copies in the CUDA Runtime API, where the device's memory is the host's.

namespace mupac_simt {

const size_t device_bytes = (size_t)8 << 30;

}  // namespace mupac_simt

extern "C" {

// Every kernel is launched, however little it has to do: that is what a program is built for this device for.
int mupac_simt_keeps_thresholds(void) { return 0; }

cudaError_t cudaGetLastError(void) {
    cudaError_t status = mupac_simt::last_error;
    mupac_simt::last_error = cudaSuccess;
    return status;
}
const char *cudaGetErrorString(cudaError_t status) {
#define MUPAC_SIMT_TEXT(name, number, text) case name: return text;
    switch (status) { MUPAC_SIMT_ERRORS(MUPAC_SIMT_TEXT) }
    return "unrecognized error code";
}

cudaError_t cudaGetDevice(int *device) { *device = 0; return cudaSuccess; }
cudaError_t cudaDeviceSynchronize(void) { return cudaSuccess; }
cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr, int) { *value = 0; return cudaSuccess; }
cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    *free_bytes = *total_bytes = mupac_simt::device_bytes;
    return cudaSuccess;
}

cudaError_t mupac_simt_allocate(void **memory, size_t bytes, mupac_simt::Home, const char *) {
    void *found = aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (!found && bytes) return mupac_simt::remember(cudaErrorMemoryAllocation);
    *memory = found;
    return cudaSuccess;
}
cudaError_t cudaFree(void *memory) {
    free(memory);
    return cudaSuccess;
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, enum cudaMemcpyKind) {
    memmove(to, from, bytes);
    return cudaSuccess;
}
cudaError_t cudaMemcpy2D(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, enum cudaMemcpyKind) {
    for (size_t row = 0; row < height; row++) memmove((char *)to + row * to_pitch, (const char *)from + row * from_pitch, width);
    return cudaSuccess;
}
cudaError_t cudaMemset(void *memory, int value, size_t bytes) {
    memset(memory, value, bytes);
    return cudaSuccess;
}
cudaError_t cudaMemPrefetchAsync(const void *, size_t, struct cudaMemLocation, unsigned, cudaStream_t) { return cudaSuccess; }

// The headers give these names to what text of the host calls (cuda_runtime.h).
size_t mupac_simt_block_bytes(const void *) { return 0; }
void *mupac_simt_memcpy(void *to, const void *from, size_t bytes) { return memcpy(to, from, bytes); }
void *mupac_simt_memmove(void *to, const void *from, size_t bytes) { return memmove(to, from, bytes); }
void *mupac_simt_memset(void *to, int value, size_t bytes) { return memset(to, value, bytes); }

}  // extern "C"
