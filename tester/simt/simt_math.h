// Device functions that are not in <math.h>.
// Source: CUDA Math API 13.0; the _rn forms round to nearest and are never contracted.
#ifndef MUPAC_SIMT_MATH_H
#define MUPAC_SIMT_MATH_H

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
static inline float __frcp_rn(float a) { return 1.0f / a; }
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return __builtin_sqrt(a); }
static inline double __drcp_rn(double a) { return 1.0 / a; }
static inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }

static inline int __popc(unsigned v) { return __builtin_popcount(v); }
static inline int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
static inline int __clz(int v) { return v ? __builtin_clz((unsigned)v) : 32; }
static inline int __clzll(long long v) { return v ? __builtin_clzll((unsigned long long)v) : 64; }
static inline int __ffs(int v) { return __builtin_ffs(v); }
static inline int __ffsll(long long v) { return __builtin_ffsll(v); }
static inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
static inline int __float_as_int(float v) { int r; __builtin_memcpy(&r, &v, 4); return r; }
static inline unsigned __float_as_uint(float v) { unsigned r; __builtin_memcpy(&r, &v, 4); return r; }
static inline float __int_as_float(int v) { float r; __builtin_memcpy(&r, &v, 4); return r; }
static inline float __uint_as_float(unsigned v) { float r; __builtin_memcpy(&r, &v, 4); return r; }
static inline long long __double_as_longlong(double v) { long long r; __builtin_memcpy(&r, &v, 8); return r; }
static inline double __longlong_as_double(long long v) { double r; __builtin_memcpy(&r, &v, 8); return r; }

#define MUPAC_SIMT_MIN_MAX(type)                                         \
    static inline type min(type a, type b) { return b < a ? b : a; }     \
    static inline type max(type a, type b) { return a < b ? b : a; }

MUPAC_SIMT_MIN_MAX(int)
MUPAC_SIMT_MIN_MAX(unsigned)
MUPAC_SIMT_MIN_MAX(long)
MUPAC_SIMT_MIN_MAX(unsigned long)
MUPAC_SIMT_MIN_MAX(long long)
MUPAC_SIMT_MIN_MAX(unsigned long long)
static inline float min(float a, float b) { return __builtin_fminf(a, b); }
static inline float max(float a, float b) { return __builtin_fmaxf(a, b); }
static inline double min(double a, double b) { return __builtin_fmin(a, b); }
static inline double max(double a, double b) { return __builtin_fmax(a, b); }

template <class T> static inline __attribute__((always_inline)) T __ldg(const T *address) { return *address; }
static inline void __trap(void) { mupac_simt_trap(); }
static inline void __nanosleep(unsigned) {}

#endif
