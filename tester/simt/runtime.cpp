// The runtime behind the stand-in for <cuda_runtime.h>: one object, compiled once and cached.
// It executes a launch on the thread of the host that waits for it, watches every access of the candidate through the hooks
// that -fsanitize=thread plants, and stops at the first fault with a line in the report.
// It decides what counts as a fault; comparing results with the original is left to the harness.
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>

#include "library.h"
#include "simt_keywords.h"
#include "simt_types.h"
#include "simt_interface.h"
#include "simt_api.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

#include "runtime_threads.h"
#include "runtime_report.h"
#include "runtime_memory.h"
#include "runtime_heap.h"
#include "runtime_needed.h"
#include "runtime_contexts.h"
#include "runtime_fibers.h"
#include "runtime_order.h"
#include "runtime_sample.h"
#include "runtime_grid.h"
#include "runtime_stuck.h"
#include "runtime_meetings.h"
#include "runtime_trace.h"
#include "runtime_host.h"
#include "runtime_access.h"
#include "runtime_streams.h"
#include "runtime_hooks.h"
#include "runtime_copies.h"
#include "runtime_stream_api.h"
#include "runtime_api.h"
#include "runtime_start.h"
