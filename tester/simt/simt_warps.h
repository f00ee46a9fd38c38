// Barriers, shuffles and votes.
// A shuffle or a vote waits for its lanes but orders no memory (Programming Guide, "Warp Shuffle Functions").
#ifndef MUPAC_SIMT_WARPS_H
#define MUPAC_SIMT_WARPS_H

#define MUPAC_SIMT_FULL 0xffffffffu

// Which barrier of the text threads wait at tells whether they took the same branch.
static inline int mupac_simt_wait_for_block(int what, int predicate, int site) {
    int result = mupac_simt_block_barrier(what, predicate, site);
    __asm__ volatile("" ::: "memory");
    return result;
}
#define __syncthreads() ((void)mupac_simt_wait_for_block(0, 0, __COUNTER__))
#define __syncthreads_count(predicate) mupac_simt_wait_for_block(1, (predicate) != 0, __COUNTER__)
#define __syncthreads_and(predicate) mupac_simt_wait_for_block(2, (predicate) != 0, __COUNTER__)
#define __syncthreads_or(predicate) mupac_simt_wait_for_block(3, (predicate) != 0, __COUNTER__)

static inline void __syncwarp(unsigned mask = MUPAC_SIMT_FULL) { mupac_simt_warp_barrier(mask); __asm__ volatile("" ::: "memory"); }

static inline unsigned __ballot_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p != 0); }
static inline int __any_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p != 0) != 0; }
static inline int __all_sync(unsigned mask, int p) { return mupac_simt_warp_ballot(mask, p == 0) == 0; }
static inline unsigned __activemask(void) { return mupac_simt_active_mask(); }

static inline unsigned __reduce_add_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_add); }
static inline unsigned __reduce_min_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_min); }
static inline unsigned __reduce_max_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_max); }
static inline int __reduce_add_sync(unsigned mask, int v) { return (int)mupac_simt_warp_reduce(mask, (unsigned)v, mupac_simt::reduce_add); }
static inline int __reduce_min_sync(unsigned mask, int v) { return (int)mupac_simt_warp_reduce(mask, (unsigned)v, mupac_simt::reduce_min_signed); }
static inline int __reduce_max_sync(unsigned mask, int v) { return (int)mupac_simt_warp_reduce(mask, (unsigned)v, mupac_simt::reduce_max_signed); }
static inline unsigned __reduce_and_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_and); }
static inline unsigned __reduce_or_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_or); }
static inline unsigned __reduce_xor_sync(unsigned mask, unsigned v) { return mupac_simt_warp_reduce(mask, v, mupac_simt::reduce_xor); }

template <class T> __attribute__((no_sanitize("thread"))) unsigned __match_any_sync(unsigned mask, T value) {
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    return mupac_simt_warp_match(mask, bits);
}
template <class T> __attribute__((no_sanitize("thread"))) unsigned __match_all_sync(unsigned mask, T value, int *all) {
    unsigned matching = __match_any_sync(mask, value);
    *all = __all_sync(mask, matching == mupac_simt_warp_ballot(mask, 1));
    return *all ? matching : 0;
}

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
