// Barriers, shuffles and votes.
// A shuffle or a vote waits for its lanes but orders no memory (Programming Guide, "Warp Shuffle Functions").
#ifndef MUPAC_SIMT_WARPS_H
#define MUPAC_SIMT_WARPS_H

#define MUPAC_SIMT_FULL 0xffffffffu

static inline void __syncthreads(void) { mupac_simt_block_barrier(0, 0); __asm__ volatile("" ::: "memory"); }
static inline int __syncthreads_count(int p) { int r = mupac_simt_block_barrier(1, p != 0); __asm__ volatile("" ::: "memory"); return r; }
static inline int __syncthreads_and(int p) { int r = mupac_simt_block_barrier(2, p != 0); __asm__ volatile("" ::: "memory"); return r; }
static inline int __syncthreads_or(int p) { int r = mupac_simt_block_barrier(3, p != 0); __asm__ volatile("" ::: "memory"); return r; }
static inline void __syncwarp(unsigned mask = MUPAC_SIMT_FULL) { mupac_simt_warp_barrier(mask); __asm__ volatile("" ::: "memory"); }

static inline unsigned __ballot_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p != 0); }
static inline int __any_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p != 0) != 0; }
static inline int __all_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p == 0) == 0; }
static inline unsigned __activemask(void) { return mupac_simt_active_mask(); }

namespace mupac_simt {

// Moves a value of up to 8 bytes between lanes. `from` is a lane of the warp.
template <class T> __attribute__((no_sanitize("thread"))) T exchange(unsigned mask, T value, unsigned from) {
    static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    bits = mupac_simt_warp_exchange(mask, bits, from);
    __builtin_memcpy(&value, &bits, sizeof(T));
    return value;
}

}  // namespace mupac_simt

// A segment is `width` lanes; a source outside the caller's segment leaves the caller its own value.
template <class T> T __shfl_sync(unsigned mask, T value, int from, int width = 32) {
    unsigned lane = mupac_simt_lane(), first = lane & ~(unsigned)(width - 1);
    return mupac_simt::exchange(mask, value, first + ((unsigned)from & (unsigned)(width - 1)));
}
template <class T> T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    unsigned lane = mupac_simt_lane(), first = lane & ~(unsigned)(width - 1);
    return mupac_simt::exchange(mask, value, lane - first >= delta ? lane - delta : lane);
}
template <class T> T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    unsigned lane = mupac_simt_lane(), first = lane & ~(unsigned)(width - 1);
    return mupac_simt::exchange(mask, value, lane - first + delta < (unsigned)width ? lane + delta : lane);
}
template <class T> T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32) {
    unsigned lane = mupac_simt_lane(), first = lane & ~(unsigned)(width - 1), from = lane ^ (unsigned)lane_mask;
    return mupac_simt::exchange(mask, value, from < first + (unsigned)width ? from : lane);
}

#endif
