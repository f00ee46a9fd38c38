// Device functions that are not in <math.h>.
// Source: CUDA Math API 13.0; the _rn forms round to nearest and are never contracted.
#ifndef MUPAC_SIMT_MATH_H
#define MUPAC_SIMT_MATH_H

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
// In line they would be contracted where everything else is.
__attribute__((noinline)) static float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
static inline float __frcp_rn(float a) { return 1.0f / a; }
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
__attribute__((noinline)) static double __dmul_rn(double a, double b) { return a * b; }
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

static inline long long __mul64hi(long long a, long long b) { return (long long)(((__int128)a * b) >> 64); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) { return (unsigned long long)(((unsigned __int128)a * b) >> 64); }
static inline int __mul24(int a, int b) { return (int)((unsigned)(a << 8 >> 8) * (unsigned)(b << 8 >> 8)); }
static inline unsigned __umul24(unsigned a, unsigned b) { return (a & 0xffffffu) * (b & 0xffffffu); }
static inline unsigned __sad(int a, int b, unsigned c) { return c + (a < b ? (unsigned)b - (unsigned)a : (unsigned)a - (unsigned)b); }
static inline unsigned __usad(unsigned a, unsigned b, unsigned c) { return c + (a < b ? b - a : a - b); }
static inline int __hadd(int a, int b) { return (int)(((long long)a + b) >> 1); }
static inline int __rhadd(int a, int b) { return (int)(((long long)a + b + 1) >> 1); }
static inline unsigned __brev(unsigned v) {
    unsigned r = 0;
    for (int bit = 0; bit < 32; bit++) r |= (v >> bit & 1u) << (31 - bit);
    return r;
}
static inline unsigned long long __brevll(unsigned long long v) { return (unsigned long long)__brev((unsigned)v) << 32 | __brev((unsigned)(v >> 32)); }
static inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    unsigned long long bytes = (unsigned long long)b << 32 | a;
    unsigned r = 0;
    for (int i = 0; i < 4; i++) r |= (unsigned)(bytes >> (selector >> (4 * i) & 7u) * 8 & 0xffu) << (8 * i);
    return r;
}
static inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned by) { return (unsigned)(((unsigned long long)high << 32 | low) << (by & 31) >> 32); }
static inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned by) { return (unsigned)(((unsigned long long)high << 32 | low) >> (by & 31)); }

// The fast functions are less precise on the device; here they are as precise as those of the C library, whose <math.h>
// declares some of the names for itself.
extern "C" {
inline float __expf(float x) noexcept { return __builtin_expf(x); }
inline float __exp10f(float x) noexcept { return __builtin_powf(10.0f, x); }
inline float __logf(float x) noexcept { return __builtin_logf(x); }
inline float __log2f(float x) noexcept { return __builtin_log2f(x); }
inline float __log10f(float x) noexcept { return __builtin_log10f(x); }
inline float __sinf(float x) noexcept { return __builtin_sinf(x); }
inline float __cosf(float x) noexcept { return __builtin_cosf(x); }
inline float __tanf(float x) noexcept { return __builtin_tanf(x); }
inline float __powf(float x, float y) noexcept { return __builtin_powf(x, y); }
}
static inline float __fdividef(float a, float b) { return a / b; }
static inline float __saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
static inline float rsqrtf(float x) { return 1.0f / __builtin_sqrtf(x); }
static inline double rsqrt(double x) { return 1.0 / __builtin_sqrt(x); }
static inline float __frsqrt_rn(float x) { return (float)(1.0 / __builtin_sqrt((double)x)); }
static inline float __int2float_rn(int v) { return (float)v; }
static inline float __uint2float_rn(unsigned v) { return (float)v; }
static inline double __int2double_rn(int v) { return (double)v; }
static inline float __double2float_rn(double v) { return (float)v; }
// Conversions to integers saturate, and turn NaN into 0 (PTX ISA 9.0, "cvt").
static inline int __double2int_rz(double v) { return v != v ? 0 : v >= 2147483647.0 ? 2147483647 : v <= -2147483648.0 ? -2147483647 - 1 : (int)v; }
static inline int __double2int_rn(double v) { return __double2int_rz(__builtin_rint(v)); }
static inline int __float2int_rz(float v) { return __double2int_rz((double)v); }
static inline int __float2int_rn(float v) { return __double2int_rn((double)v); }
static inline int __float2int_rd(float v) { return __double2int_rz(__builtin_floor((double)v)); }
static inline int __float2int_ru(float v) { return __double2int_rz(__builtin_ceil((double)v)); }
static inline unsigned __float2uint_rz(float v) { return v != v || v <= 0.0f ? 0u : v >= 4294967296.0f ? 0xffffffffu : (unsigned)v; }
static inline int __double2hiint(double v) { return (int)(__double_as_longlong(v) >> 32); }
static inline int __double2loint(double v) { return (int)__double_as_longlong(v); }
static inline double __hiloint2double(int high, int low) { return __longlong_as_double((long long)((unsigned long long)(unsigned)high << 32 | (unsigned)low)); }

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
template <class T> static inline __attribute__((always_inline)) T __ldcs(const T *address) { return *address; }
template <class T> static inline __attribute__((always_inline)) T __ldcg(const T *address) { return *address; }
template <class T> static inline __attribute__((always_inline)) void __stcs(T *address, T value) { *address = value; }
template <class T> static inline __attribute__((always_inline)) void __stcg(T *address, T value) { *address = value; }
// Ticks and names of the hardware mean nothing here; they only ever grow, or stay.
static inline long long clock64(void) { static long long ticks = 0; return ++ticks; }
static inline void __trap(void) { mupac_simt_trap(); }

#endif
