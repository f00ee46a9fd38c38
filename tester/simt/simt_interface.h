// What the headers ask of the runtime; both sides include this file.
#ifndef MUPAC_SIMT_INTERFACE_H
#define MUPAC_SIMT_INTERFACE_H

typedef struct mupac_simt_stream *cudaStream_t;
typedef struct mupac_simt_event *cudaEvent_t;

namespace mupac_simt {

// What lanes of a warp can be joined by.
enum WarpReduction { reduce_add, reduce_and, reduce_or, reduce_xor, reduce_min, reduce_max, reduce_min_signed, reduce_max_signed };

// Who may touch an allocation; the last is memory of the host that the device sees.
enum Home { device_home, pinned_home, managed_home, host_home };

}  // namespace mupac_simt

extern "C" {

// Where the running thread stands; constant for the thread, so calls may be merged.
uint3 mupac_simt_thread_index(void) __attribute__((const));
uint3 mupac_simt_block_index(void) __attribute__((const));
dim3 mupac_simt_block_extent(void) __attribute__((const));
dim3 mupac_simt_grid_extent(void) __attribute__((const));

// Waits for all threads of the block at the same `site`, a number of the place in the text.
// what 0: returns 0, 1: how many predicates hold, 2: whether all do, 3: whether any does.
int mupac_simt_block_barrier(int what, int predicate, int site);
// Waits for all threads of a cooperative launch.
void mupac_simt_grid_barrier(void);
// Waits for the lanes of `mask`, which must name the caller.
void mupac_simt_warp_barrier(unsigned mask);
// Each lane of `mask` offers a value of 4 or 8 bytes and takes that of lane `from`; a lane outside `mask` gives garbage.
unsigned long long mupac_simt_warp_exchange(unsigned mask, unsigned long long value, unsigned from);
// Bit set of the lanes of `mask` whose predicate holds.
unsigned mupac_simt_warp_ballot(unsigned mask, int predicate);
// Bit set of the lanes of `mask` that offer the caller's value.
unsigned mupac_simt_warp_match(unsigned mask, unsigned long long value);
// The values of all lanes of `mask`, joined.
unsigned mupac_simt_warp_reduce(unsigned mask, unsigned value, mupac_simt::WarpReduction reduction);
// The lanes that can be running with the caller; the emulation has only the caller.
unsigned mupac_simt_active_mask(void);
unsigned mupac_simt_lane(void);
// Records an atomic access that `place` asks for; the caller then performs it, undisturbed since one thread of the host at a
// time runs kernels.
void mupac_simt_atomic_access(void *address, size_t bytes, int is_in_block, const void *place);
// Makes what the caller did so far visible to whoever sees its next atomic or volatile write.
void mupac_simt_fence(int is_of_block);
// Lets other threads run.
void mupac_simt_pause(void);
// The dynamic shared memory of the running block.
void *mupac_simt_dynamic_shared(void);
// Whether kernels are launched only where the text says that they pay.
int mupac_simt_keeps_thresholds(void) __attribute__((const));
// Judges a pointer that a launch passes to a kernel.
void mupac_simt_judge_argument(const volatile void *p);
// Ends the run: `__trap` and failing assertions.
void mupac_simt_trap(void) __attribute__((noreturn));

}  // extern "C"

namespace mupac_simt {

struct Configuration {
    dim3 grid, block;
    size_t shared_bytes;
    cudaStream_t stream;
    unsigned max_threads;  // as `__launch_bounds__` of the kernel says; 0: it says nothing
};

// One launch: `run(state)` is called once for each thread; `state` is plain data that starts with the kernel's address.
struct Launch {
    const char *kernel;
    Configuration configuration;
    void (*run)(void *state);
    void *state;
    size_t state_bytes;
    bool is_cooperative;
};

}  // namespace mupac_simt

// Queues a launch; returns a `cudaError_t`.
extern "C" int mupac_simt_launch(const mupac_simt::Launch *launch);

#endif
