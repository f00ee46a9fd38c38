// Atomic functions. The access is told to the runtime, then performed as plain code that the race detector does not see.
#ifndef MUPAC_SIMT_ATOMICS_H
#define MUPAC_SIMT_ATOMICS_H

#define MUPAC_SIMT_UNSEEN static inline __attribute__((no_sanitize("thread")))

#define MUPAC_SIMT_ATOMIC(name, type, next)                                      \
    MUPAC_SIMT_UNSEEN type name(type *address, type value) {                     \
        mupac_simt_atomic_access(address, sizeof(type));                         \
        type old = *address;                                                     \
        *address = (next);                                                       \
        return old;                                                              \
    }                                                                            \
    MUPAC_SIMT_UNSEEN type name##_block(type *address, type value) { return name(address, value); } \
    MUPAC_SIMT_UNSEEN type name##_system(type *address, type value) { return name(address, value); }

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

#define MUPAC_SIMT_COMPARE_AND_SWAP(type)                                        \
    MUPAC_SIMT_UNSEEN type atomicCAS(type *address, type compare, type value) {  \
        mupac_simt_atomic_access(address, sizeof(type));                         \
        type old = *address;                                                     \
        *address = old == compare ? value : old;                                 \
        return old;                                                              \
    }

MUPAC_SIMT_COMPARE_AND_SWAP(int)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned short)
MUPAC_SIMT_COMPARE_AND_SWAP(unsigned long long)

// One operating-system thread sees its own stores in order; what the race detector orders is decided by barriers.
static inline void __threadfence(void) { __asm__ volatile("" ::: "memory"); }
static inline void __threadfence_block(void) { __asm__ volatile("" ::: "memory"); }
static inline void __threadfence_system(void) { __asm__ volatile("" ::: "memory"); }

#endif
