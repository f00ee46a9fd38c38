// What the headers ask of the runtime; both sides include this file.
#ifndef MUPAC_SIMT_INTERFACE_H
#define MUPAC_SIMT_INTERFACE_H

typedef struct mupac_simt_stream *cudaStream_t;
typedef struct mupac_simt_event *cudaEvent_t;

extern "C" {

// Where the running thread stands; constant for the thread, so calls may be merged.
uint3 mupac_simt_thread_index(void) __attribute__((const));
uint3 mupac_simt_block_index(void) __attribute__((const));
dim3 mupac_simt_block_extent(void) __attribute__((const));
dim3 mupac_simt_grid_extent(void) __attribute__((const));

// Waits for all threads of the block; what 0: returns 0, 1: how many predicates hold, 2: whether all do, 3: whether any does.
int mupac_simt_block_barrier(int what, int predicate);
// Waits for the lanes of `mask`, which must name the caller.
void mupac_simt_warp_barrier(unsigned mask);
// Each lane of `mask` offers a value of 4 or 8 bytes and takes that of lane `from`; a lane outside `mask` gives garbage.
unsigned long long mupac_simt_warp_exchange(unsigned mask, unsigned long long value, unsigned from);
// Bit set of the lanes of `mask` whose predicate holds.
unsigned mupac_simt_warp_ballot(unsigned mask, int predicate);
// The lanes that can be running with the caller; the emulation has only the caller.
unsigned mupac_simt_active_mask(void);
unsigned mupac_simt_lane(void);
// Records an atomic access; the caller then performs it, undisturbed since there is one operating-system thread.
void mupac_simt_atomic_access(void *address, size_t bytes);
// The dynamic shared memory of the running block.
void *mupac_simt_dynamic_shared(void);
// Ends the run: `__trap` and failing assertions.
void mupac_simt_trap(void) __attribute__((noreturn));

}  // extern "C"

namespace mupac_simt {

struct Configuration {
    dim3 grid, block;
    size_t shared_bytes;
    cudaStream_t stream;
};

// One launch: `run(state)` is called once for each thread.
struct Launch {
    const char *kernel;
    Configuration configuration;
    void (*run)(void *state);
    void *state;
};

}  // namespace mupac_simt

extern "C" void mupac_simt_launch(const mupac_simt::Launch *launch);

#endif
