// Stands in for NVIDIA's header when emitted CUDA C++ runs on the CPU.
// It decides how CUDA's keywords and calls read to a C++ compiler; what they do is the runtime's business.
// No standard C++ header is included: it would cost more to compile than all the rest.
// Source: CUDA C++ Programming Guide 13.0 and CUDA Runtime API 13.0.
#ifndef MUPAC_SIMT_CUDA_RUNTIME_H
#define MUPAC_SIMT_CUDA_RUNTIME_H

#include <stddef.h>
#include <time.h> // as crt/common_functions.h has it: the file may do without

#define __CUDACC__ 1
#define __NVCC__ 1
#define __CUDACC_VER_MAJOR__ 13
#define __CUDACC_VER_MINOR__ 0
#define CUDART_VERSION 13000
#define MUPAC_SIMT 1

// -fsanitize=thread does not see inside these; under other names they reach the runtime, which does.
extern "C" {
void *memcpy(void *, const void *, size_t) noexcept __asm__("mupac_simt_memcpy");
void *memmove(void *, const void *, size_t) noexcept __asm__("mupac_simt_memmove");
void *memset(void *, int, size_t) noexcept __asm__("mupac_simt_memset");
size_t mupac_simt_block_bytes(const void *);
}
// What a test passes lies in blocks of its own, which the library does not know.
#define MUPAC_BLOCK_BYTES mupac_simt_block_bytes

#include "simt_keywords.h"
#include "simt_types.h"
#include "simt_interface.h"
#include "simt_api.h"
#include "simt_launch.h"
#include "simt_atomics.h"
#include "simt_warps.h"
#include "simt_math.h"

#endif
