// What a measured or tested text does on the device: counts launches, and times each by events.
// The linker sends calls of the launch functions here (--wrap), so that the text itself is what mupac wrote.
// Source: CUDA Runtime API 13.0, "Event Management"; crt/host_runtime.h, which says what a launch calls.
#include <cuda_runtime.h>
#include <stdio.h>

extern "C" {

enum { most_timed = 4096 };
static cudaEvent_t starts[most_timed], ends[most_timed];
static int made = 0, used = 0, depth = 0, is_timing = 0;
static unsigned long long launches = 0;
static double kernel_us = 0;
static cudaError_t trouble = cudaSuccess;

static void note(cudaError_t status) {
    if (trouble == cudaSuccess) trouble = status;
}

static void add_up(void) {
    for (int i = 0; i < used; i++) {
        float milliseconds = 0;
        note(cudaEventSynchronize(ends[i]));
        note(cudaEventElapsedTime(&milliseconds, starts[i], ends[i]));
        kernel_us += 1000.0 * milliseconds;
    }
    used = 0;
}

// Memory that a function finds on the device; see simt/harness_memory.h.
char *mupac_test_reserve(size_t bytes) {
    void *device = nullptr;
    return cudaMalloc(&device, bytes) == cudaSuccess ? (char *)device : nullptr;
}

int mupac_test_copy(void *to, const void *from, size_t bytes, int is_to_device) {
    return cudaMemcpy(to, from, bytes, is_to_device ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToHost) == cudaSuccess;
}

int mupac_test_release(void *device) { return cudaFree(device) == cudaSuccess; }

void mupac_bundle_before_launch(cudaStream_t stream) {
    if (depth++ > 0) return; // one launch function may call another
    launches++;
    if (!is_timing) return;
    if (used == most_timed) add_up();
    if (used == made) {
        note(cudaEventCreate(&starts[made]));
        note(cudaEventCreate(&ends[made]));
        made++;
    }
    note(cudaEventRecord(starts[used], stream));
}

void mupac_bundle_after_launch(cudaStream_t stream) {
    if (--depth > 0 || !is_timing) return;
    note(cudaEventRecord(ends[used++], stream));
}

unsigned long long mupac_bundle_launches(void) { return launches; }

void mupac_bundle_time_launches(int on) {
    is_timing = on;
    kernel_us = 0;
    used = 0;
}

double mupac_bundle_kernel_us(void) {
    add_up();
    return kernel_us;
}

// Makes the context, which takes up to a second.
void mupac_bundle_start(void) { note(cudaFree(0)); }

void mupac_bundle_wait(void) { note(cudaDeviceSynchronize()); }

// The first error since the last call, or nothing.
const char *mupac_bundle_trouble(void) {
    note(cudaGetLastError());
    cudaError_t status = trouble;
    trouble = cudaSuccess;
    return status == cudaSuccess ? 0 : cudaGetErrorName(status);
}

// The first argument is a function, or since CUDA 13 the handle of a kernel.
#define LAUNCH(name)                                                                                                                     \
    cudaError_t __real_##name(const void *, dim3, dim3, void **, size_t, cudaStream_t) __attribute__((weak));                             \
    cudaError_t __wrap_##name(const void *kernel, dim3 grid, dim3 block, void **arguments, size_t shared_bytes, cudaStream_t stream) {    \
        mupac_bundle_before_launch(stream);                                                                                              \
        cudaError_t status = __real_##name(kernel, grid, block, arguments, shared_bytes, stream);                                        \
        mupac_bundle_after_launch(stream);                                                                                               \
        return status;                                                                                                                   \
    }
LAUNCH(cudaLaunchKernel)
LAUNCH(__cudaLaunchKernel)
LAUNCH(cudaLaunchCooperativeKernel)

}  // extern "C"
