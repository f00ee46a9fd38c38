// The device of a program that is built for a machine without a GPU: kernels run on the thread that launches them, and
// nothing is watched.
//
// It stands behind the same headers as the runtime of the checks (runtime.cpp), and defines what emitted code calls and no
// more. Programs and libraries that hold kernels have one each; none of its names leaves the one that it is linked into.
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "simt_keywords.h"
#include "simt_types.h"
#include "simt_interface.h"
#include "simt_api.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

// What is asked for and not touched costs nothing.
#define MUPAC_SIMT_STACK_BYTES ((size_t)8 << 20)
#include "runtime_contexts.h"
#include "processor_threads.h"
#include "processor_api.h"
