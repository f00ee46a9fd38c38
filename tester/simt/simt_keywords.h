// CUDA's keywords.
#ifndef MUPAC_SIMT_KEYWORDS_H
#define MUPAC_SIMT_KEYWORDS_H

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
// Nothing, so that `__attribute__((__noinline__))` stays what it is.
#define __noinline__
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __grid_constant__

// Blocks of a launch run one after another on one thread of the host, so one copy of a shared variable serves them all.
// Thread-local storage is used because it is one contiguous range that holds little else of the program.
#define __shared__ static __thread

// Variables of the device lie in sections of their own; the rewriting of the text tells them from functions.
#define MUPAC_SIMT_DEVICE_VARIABLE __attribute__((section("mupac_device")))
#define __constant__ __attribute__((section("mupac_constant")))
#define __managed__ __attribute__((section("mupac_managed")))

#define threadIdx (mupac_simt_thread_index())
#define blockIdx (mupac_simt_block_index())
#define blockDim (mupac_simt_block_extent())
#define gridDim (mupac_simt_grid_extent())
static const int warpSize = 32;

#endif
