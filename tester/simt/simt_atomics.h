// Atomic functions and memory fences. The access is told to the runtime, then performed as plain code that the race
// detector does not see. Source: CUDA C++ Programming Guide 13.0, "Atomic Functions" and "Memory Fence Functions".
#ifndef MUPAC_SIMT_ATOMICS_H
#define MUPAC_SIMT_ATOMICS_H

// Never inlined, so that the place that a function returns to is in the text.
#define MUPAC_SIMT_UNSEEN static inline __attribute__((no_sanitize("thread"), noinline))

#define MUPAC_SIMT_ATOMIC_IN(name, type, next, is_in_block)            \
    MUPAC_SIMT_UNSEEN type name(type *address, type value) {           \
        mupac_simt_atomic_access(address, sizeof(type), is_in_block, __builtin_return_address(0)); \
        type old = *address;                                           \
        *address = (next);                                             \
        return old;                                                    \
    }

#define MUPAC_SIMT_ATOMIC(name, type, next)             \
    MUPAC_SIMT_ATOMIC_IN(name, type, next, 0)           \
    MUPAC_SIMT_ATOMIC_IN(name##_block, type, next, 1)   \
    MUPAC_SIMT_ATOMIC_IN(name##_system, type, next, 0)

MUPAC_SIMT_ATOMIC(atomicAdd, int, (int)((unsigned)old + (unsigned)value))
MUPAC_SIMT_ATOMIC(atomicAdd, unsigned, old + value)
MUPAC_SIMT_ATOMIC(atomicAdd, unsigned long long, old + value)
MUPAC_SIMT_ATOMIC(atomicAdd, float, old + value)
MUPAC_SIMT_ATOMIC(atomicAdd, double, old + value)
MUPAC_SIMT_ATOMIC(atomicSub, int, (int)((unsigned)old - (unsigned)value))
MUPAC_SIMT_ATOMIC(atomicSub, unsigned, old - value)
MUPAC_SIMT_ATOMIC(atomicExch, int, value)
MUPAC_SIMT_ATOMIC(atomicExch, unsigned, value)
MUPAC_SIMT_ATOMIC(atomicExch, unsigned long long, value)
MUPAC_SIMT_ATOMIC(atomicExch, float, value)
MUPAC_SIMT_ATOMIC(atomicMin, int, old < value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMin, unsigned, old < value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMin, long long, old < value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMin, unsigned long long, old < value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMax, int, old > value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMax, unsigned, old > value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMax, long long, old > value ? old : value)
MUPAC_SIMT_ATOMIC(atomicMax, unsigned long long, old > value ? old : value)
MUPAC_SIMT_ATOMIC(atomicAnd, int, old & value)
MUPAC_SIMT_ATOMIC(atomicAnd, unsigned, old & value)
MUPAC_SIMT_ATOMIC(atomicAnd, unsigned long long, old & value)
MUPAC_SIMT_ATOMIC(atomicOr, int, old | value)
MUPAC_SIMT_ATOMIC(atomicOr, unsigned, old | value)
MUPAC_SIMT_ATOMIC(atomicOr, unsigned long long, old | value)
MUPAC_SIMT_ATOMIC(atomicXor, int, old ^ value)
MUPAC_SIMT_ATOMIC(atomicXor, unsigned, old ^ value)
MUPAC_SIMT_ATOMIC(atomicXor, unsigned long long, old ^ value)
MUPAC_SIMT_ATOMIC(atomicInc, unsigned, old >= value ? 0u : old + 1u)
MUPAC_SIMT_ATOMIC(atomicDec, unsigned, old == 0u || old > value ? value : old - 1u)

#define MUPAC_SIMT_COMPARE_AND_SWAP_IN(name, type, is_in_block)             \
    MUPAC_SIMT_UNSEEN type name(type *address, type compare, type value) {  \
        mupac_simt_atomic_access(address, sizeof(type), is_in_block, __builtin_return_address(0)); \
        type old = *address;                                                \
        *address = old == compare ? value : old;                            \
        return old;                                                         \
    }

#define MUPAC_SIMT_COMPARE_AND_SWAP(type)                       \
    MUPAC_SIMT_COMPARE_AND_SWAP_IN(atomicCAS, type, 0)          \
    MUPAC_SIMT_COMPARE_AND_SWAP_IN(atomicCAS_block, type, 1)    \
    MUPAC_SIMT_COMPARE_AND_SWAP_IN(atomicCAS_system, type, 0)

MUPAC_SIMT_COMPARE_AND_SWAP(int)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned short)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned long long)

static inline void __threadfence(void) { mupac_simt_fence(0); __asm__ volatile("" ::: "memory"); }
static inline void __threadfence_system(void) { mupac_simt_fence(0); __asm__ volatile("" ::: "memory"); }
static inline void __threadfence_block(void) { mupac_simt_fence(1); __asm__ volatile("" ::: "memory"); }
static inline void __nanosleep(unsigned) { mupac_simt_pause(); }

#endif
