// Cooperative groups: the block, the grid, and tiles of a warp.
// Source: CUDA C++ Programming Guide 13.0, "Cooperative Groups".
#ifndef MUPAC_SIMT_COOPERATIVE_GROUPS_H
#define MUPAC_SIMT_COOPERATIVE_GROUPS_H

#include "cuda_runtime.h"

namespace cooperative_groups {

// All barriers of the block through a group are one, whichever function waits there.
enum { group_barrier = 1 << 30 };

class thread_block {
  public:
    void sync() const { mupac_simt_wait_for_block(0, 0, group_barrier); }
    static unsigned long long thread_rank() { return (unsigned long long)threadIdx.x + blockDim.x * (threadIdx.y + (unsigned long long)blockDim.y * threadIdx.z); }
    static unsigned long long size() { return (unsigned long long)blockDim.x * blockDim.y * blockDim.z; }
    static unsigned long long num_threads() { return size(); }
    static dim3 group_index() { return blockIdx; }
    static dim3 thread_index() { return threadIdx; }
    static dim3 dim_threads() { return blockDim; }
    static dim3 group_dim() { return blockDim; }
};
inline thread_block this_thread_block() { return thread_block(); }

class grid_group {
  public:
    void sync() const { mupac_simt_grid_barrier(); __asm__ volatile("" ::: "memory"); }
    bool is_valid() const { return true; }
    static unsigned long long block_rank() { return blockIdx.x + gridDim.x * (blockIdx.y + (unsigned long long)gridDim.y * blockIdx.z); }
    static unsigned long long num_blocks() { return (unsigned long long)gridDim.x * gridDim.y * gridDim.z; }
    static unsigned long long size() { return num_blocks() * thread_block::size(); }
    static unsigned long long num_threads() { return size(); }
    static unsigned long long thread_rank() { return block_rank() * thread_block::size() + thread_block::thread_rank(); }
    static dim3 group_dim() { return gridDim; }
};
inline grid_group this_grid() { return grid_group(); }

// Lanes of one warp that are named by a mask.
class warp_group {
  public:
    void sync() const { __syncwarp(mask); }
    unsigned thread_rank() const { return (unsigned)__builtin_popcount(mask & ((1u << mupac_simt_lane()) - 1u)); }
    unsigned size() const { return (unsigned)__builtin_popcount(mask); }
    unsigned num_threads() const { return size(); }
    int any(int p) const { return __any_sync(mask, p); }
    int all(int p) const { return __all_sync(mask, p); }
    unsigned ballot(int p) const { return ranks(__ballot_sync(mask, p)); }
    template <class T> unsigned match_any(T value) const { return ranks(__match_any_sync(mask, value)); }
    template <class T> T shfl(T value, int rank) const { return mupac_simt::exchange(mask, value, lane_of((unsigned)rank % size())); }
    template <class T> T shfl_up(T value, unsigned delta) const {
        unsigned rank = thread_rank();
        return mupac_simt::exchange(mask, value, lane_of(rank >= delta ? rank - delta : rank));
    }
    template <class T> T shfl_down(T value, unsigned delta) const {
        unsigned rank = thread_rank();
        return mupac_simt::exchange(mask, value, lane_of(rank + delta < size() ? rank + delta : rank));
    }
    template <class T> T shfl_xor(T value, unsigned ranks_mask) const {
        unsigned rank = thread_rank(), from = rank ^ ranks_mask;
        return mupac_simt::exchange(mask, value, lane_of(from < size() ? from : rank));
    }

  protected:
    explicit warp_group(unsigned m) : mask(m) {}
    unsigned mask;

  private:
    unsigned lane_of(unsigned rank) const {
        unsigned left = mask;
        for (; rank > 0; rank--) left &= left - 1;
        return (unsigned)__builtin_ctz(left);
    }
    // Moves the bits of lanes to those of their ranks.
    unsigned ranks(unsigned lanes) const {
        unsigned result = 0, rank = 0;
        for (unsigned left = mask; left; left &= left - 1, rank++)
            if (lanes >> __builtin_ctz(left) & 1u) result |= 1u << rank;
        return result;
    }
};

template <unsigned Size, class Parent = thread_block> class thread_block_tile : public warp_group {
    static_assert(Size >= 1 && Size <= 32 && (Size & (Size - 1)) == 0, "a tile has 1, 2, 4, 8, 16 or 32 threads");

  public:
    thread_block_tile() : warp_group((Size == 32 ? 0xffffffffu : (1u << (Size & 31)) - 1u) << (mupac_simt_lane() & ~(Size - 1))) {}
    static constexpr unsigned size() { return Size; }
    static constexpr unsigned num_threads() { return Size; }
    unsigned thread_rank() const { return mupac_simt_lane() & (Size - 1); }
    unsigned meta_group_rank() const { return (unsigned)(thread_block::thread_rank() / Size); }
    unsigned meta_group_size() const { return (unsigned)((thread_block::size() + Size - 1) / Size); }
};
template <unsigned Size, class Parent> thread_block_tile<Size, Parent> tiled_partition(const Parent &) { return thread_block_tile<Size, Parent>(); }

class coalesced_group : public warp_group {
  public:
    explicit coalesced_group(unsigned m) : warp_group(m) {}
};
// Which lanes are together is left open by CUDA; the caller always is.
inline coalesced_group coalesced_threads() { return coalesced_group(__activemask()); }

template <class Group> void sync(const Group &group) { group.sync(); }

template <class T> struct plus { T operator()(T a, T b) const { return a + b; } };
template <class T> struct less { T operator()(T a, T b) const { return b < a ? b : a; } };
template <class T> struct greater { T operator()(T a, T b) const { return a < b ? b : a; } };
template <class T> struct bit_and { T operator()(T a, T b) const { return a & b; } };
template <class T> struct bit_or { T operator()(T a, T b) const { return a | b; } };
template <class T> struct bit_xor { T operator()(T a, T b) const { return a ^ b; } };

template <class Group, class T, class Operator> T reduce(const Group &group, T value, Operator join) {
    T result = group.shfl(value, 0);
    for (unsigned rank = 1; rank < group.size(); rank++) result = join(result, group.shfl(value, (int)rank));
    return result;
}
template <class Group, class T, class Operator> T inclusive_scan(const Group &group, T value, Operator join) {
    for (unsigned delta = 1; delta < group.size(); delta *= 2) {
        T other = group.shfl_up(value, delta);
        if (group.thread_rank() >= delta) value = join(other, value);
    }
    return value;
}
template <class Group, class T> T inclusive_scan(const Group &group, T value) { return inclusive_scan(group, value, plus<T>()); }
template <class Group, class T> T exclusive_scan(const Group &group, T value) {
    T sum = group.shfl_up(inclusive_scan(group, value), 1);
    return group.thread_rank() ? sum : T();
}

}  // namespace cooperative_groups

#endif
