// What nvcc declares in every file: the headers it includes, the vector types, the built-in variables, and the functions
// of its own beside those of C. A name of the user that clashes with one of them is found by the C++ parser.
// Source: CUDA C++ Programming Guide 13.0, C++ Language Extensions; CUDA Math API Reference Manual 13.0.
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Vector types.
typedef struct char1 { signed char x; } char1;
static inline char1 make_char1(signed char x) { return {x}; }
typedef struct char2 { signed char x, y; } char2;
static inline char2 make_char2(signed char x, signed char y) { return {x, y}; }
typedef struct char3 { signed char x, y, z; } char3;
static inline char3 make_char3(signed char x, signed char y, signed char z) { return {x, y, z}; }
typedef struct char4 { signed char x, y, z, w; } char4;
static inline char4 make_char4(signed char x, signed char y, signed char z, signed char w) { return {x, y, z, w}; }
typedef struct uchar1 { unsigned char x; } uchar1;
static inline uchar1 make_uchar1(unsigned char x) { return {x}; }
typedef struct uchar2 { unsigned char x, y; } uchar2;
static inline uchar2 make_uchar2(unsigned char x, unsigned char y) { return {x, y}; }
typedef struct uchar3 { unsigned char x, y, z; } uchar3;
static inline uchar3 make_uchar3(unsigned char x, unsigned char y, unsigned char z) { return {x, y, z}; }
typedef struct uchar4 { unsigned char x, y, z, w; } uchar4;
static inline uchar4 make_uchar4(unsigned char x, unsigned char y, unsigned char z, unsigned char w) { return {x, y, z, w}; }
typedef struct short1 { short x; } short1;
static inline short1 make_short1(short x) { return {x}; }
typedef struct short2 { short x, y; } short2;
static inline short2 make_short2(short x, short y) { return {x, y}; }
typedef struct short3 { short x, y, z; } short3;
static inline short3 make_short3(short x, short y, short z) { return {x, y, z}; }
typedef struct short4 { short x, y, z, w; } short4;
static inline short4 make_short4(short x, short y, short z, short w) { return {x, y, z, w}; }
typedef struct ushort1 { unsigned short x; } ushort1;
static inline ushort1 make_ushort1(unsigned short x) { return {x}; }
typedef struct ushort2 { unsigned short x, y; } ushort2;
static inline ushort2 make_ushort2(unsigned short x, unsigned short y) { return {x, y}; }
typedef struct ushort3 { unsigned short x, y, z; } ushort3;
static inline ushort3 make_ushort3(unsigned short x, unsigned short y, unsigned short z) { return {x, y, z}; }
typedef struct ushort4 { unsigned short x, y, z, w; } ushort4;
static inline ushort4 make_ushort4(unsigned short x, unsigned short y, unsigned short z, unsigned short w) { return {x, y, z, w}; }
typedef struct int1 { int x; } int1;
static inline int1 make_int1(int x) { return {x}; }
typedef struct int2 { int x, y; } int2;
static inline int2 make_int2(int x, int y) { return {x, y}; }
typedef struct int3 { int x, y, z; } int3;
static inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
typedef struct int4 { int x, y, z, w; } int4;
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
typedef struct uint1 { unsigned x; } uint1;
static inline uint1 make_uint1(unsigned x) { return {x}; }
typedef struct uint2 { unsigned x, y; } uint2;
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
typedef struct uint3 { unsigned x, y, z; } uint3;
static inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }
typedef struct uint4 { unsigned x, y, z, w; } uint4;
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
typedef struct long1 { long x; } long1;
static inline long1 make_long1(long x) { return {x}; }
typedef struct long2 { long x, y; } long2;
static inline long2 make_long2(long x, long y) { return {x, y}; }
typedef struct long3 { long x, y, z; } long3;
static inline long3 make_long3(long x, long y, long z) { return {x, y, z}; }
typedef struct long4 { long x, y, z, w; } long4;
static inline long4 make_long4(long x, long y, long z, long w) { return {x, y, z, w}; }
typedef struct ulong1 { unsigned long x; } ulong1;
static inline ulong1 make_ulong1(unsigned long x) { return {x}; }
typedef struct ulong2 { unsigned long x, y; } ulong2;
static inline ulong2 make_ulong2(unsigned long x, unsigned long y) { return {x, y}; }
typedef struct ulong3 { unsigned long x, y, z; } ulong3;
static inline ulong3 make_ulong3(unsigned long x, unsigned long y, unsigned long z) { return {x, y, z}; }
typedef struct ulong4 { unsigned long x, y, z, w; } ulong4;
static inline ulong4 make_ulong4(unsigned long x, unsigned long y, unsigned long z, unsigned long w) { return {x, y, z, w}; }
typedef struct longlong1 { long long x; } longlong1;
static inline longlong1 make_longlong1(long long x) { return {x}; }
typedef struct longlong2 { long long x, y; } longlong2;
static inline longlong2 make_longlong2(long long x, long long y) { return {x, y}; }
typedef struct longlong3 { long long x, y, z; } longlong3;
static inline longlong3 make_longlong3(long long x, long long y, long long z) { return {x, y, z}; }
typedef struct longlong4 { long long x, y, z, w; } longlong4;
static inline longlong4 make_longlong4(long long x, long long y, long long z, long long w) { return {x, y, z, w}; }
typedef struct ulonglong1 { unsigned long long x; } ulonglong1;
static inline ulonglong1 make_ulonglong1(unsigned long long x) { return {x}; }
typedef struct ulonglong2 { unsigned long long x, y; } ulonglong2;
static inline ulonglong2 make_ulonglong2(unsigned long long x, unsigned long long y) { return {x, y}; }
typedef struct ulonglong3 { unsigned long long x, y, z; } ulonglong3;
static inline ulonglong3 make_ulonglong3(unsigned long long x, unsigned long long y, unsigned long long z) { return {x, y, z}; }
typedef struct ulonglong4 { unsigned long long x, y, z, w; } ulonglong4;
static inline ulonglong4 make_ulonglong4(unsigned long long x, unsigned long long y, unsigned long long z, unsigned long long w) { return {x, y, z, w}; }
typedef struct float1 { float x; } float1;
static inline float1 make_float1(float x) { return {x}; }
typedef struct float2 { float x, y; } float2;
static inline float2 make_float2(float x, float y) { return {x, y}; }
typedef struct float3 { float x, y, z; } float3;
static inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
typedef struct float4 { float x, y, z, w; } float4;
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
typedef struct double1 { double x; } double1;
static inline double1 make_double1(double x) { return {x}; }
typedef struct double2 { double x, y; } double2;
static inline double2 make_double2(double x, double y) { return {x, y}; }
typedef struct double3 { double x, y, z; } double3;
static inline double3 make_double3(double x, double y, double z) { return {x, y, z}; }
typedef struct double4 { double x, y, z, w; } double4;
static inline double4 make_double4(double x, double y, double z, double w) { return {x, y, z, w}; }
typedef struct dim3 { unsigned x, y, z; } dim3;
extern const uint3 threadIdx, blockIdx;
extern const dim3 blockDim, gridDim;
extern const int warpSize;

// The namespace of the run-time support.
namespace mupac {}

// Functions of threads.
static inline int atomicAdd(int *at, int value) { return *at + value; }
static inline unsigned atomicAdd(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicSub(int *at, int value) { return *at + value; }
static inline unsigned atomicSub(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicExch(int *at, int value) { return *at + value; }
static inline unsigned atomicExch(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicMin(int *at, int value) { return *at + value; }
static inline unsigned atomicMin(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicMax(int *at, int value) { return *at + value; }
static inline unsigned atomicMax(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicAnd(int *at, int value) { return *at + value; }
static inline unsigned atomicAnd(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicOr(int *at, int value) { return *at + value; }
static inline unsigned atomicOr(unsigned *at, unsigned value) { return *at + value; }
static inline int atomicXor(int *at, int value) { return *at + value; }
static inline unsigned atomicXor(unsigned *at, unsigned value) { return *at + value; }
static inline float atomicAdd(float *at, float value) { return *at + value; }
static inline double atomicAdd(double *at, double value) { return *at + value; }
static inline int atomicCAS(int *at, int expected, int value) { return *at + expected + value; }
static inline unsigned atomicCAS(unsigned *at, unsigned expected, unsigned value) { return *at + expected + value; }
static inline unsigned atomicInc(unsigned *at, unsigned value) { return *at + value; }
static inline unsigned atomicDec(unsigned *at, unsigned value) { return *at + value; }
static inline bool any(bool value) { return value; }
static inline bool all(bool value) { return value; }
static inline void __syncthreads(void) {}
static inline void __syncwarp(unsigned mask = 0xffffffffu) { (void)mask; }
static inline void __threadfence(void) {}
static inline void __threadfence_block(void) {}
static inline void __threadfence_system(void) {}

// Minimum and maximum, for every pair of types.
static inline int min(int a, int b) { return a < b ? a : b; }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline long min(long a, long b) { return a < b ? a : b; }
static inline unsigned long min(unsigned long a, unsigned long b) { return a < b ? a : b; }
static inline long long min(long long a, long long b) { return a < b ? a : b; }
static inline unsigned long long min(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
static inline float min(float a, float b) { return a < b ? a : b; }
static inline double min(double a, double b) { return a < b ? a : b; }
static inline unsigned min(unsigned a, int b) { return a < b ? a : b; }
static inline unsigned min(int a, unsigned b) { return a < b ? a : b; }
static inline unsigned long min(unsigned long a, long b) { return a < b ? a : b; }
static inline unsigned long min(long a, unsigned long b) { return a < b ? a : b; }
static inline unsigned long long min(unsigned long long a, long long b) { return a < b ? a : b; }
static inline unsigned long long min(long long a, unsigned long long b) { return a < b ? a : b; }
static inline double min(float a, double b) { return a < b ? a : b; }
static inline double min(double a, float b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
static inline long max(long a, long b) { return a > b ? a : b; }
static inline unsigned long max(unsigned long a, unsigned long b) { return a > b ? a : b; }
static inline long long max(long long a, long long b) { return a > b ? a : b; }
static inline unsigned long long max(unsigned long long a, unsigned long long b) { return a > b ? a : b; }
static inline float max(float a, float b) { return a > b ? a : b; }
static inline double max(double a, double b) { return a > b ? a : b; }
static inline unsigned max(unsigned a, int b) { return a > b ? a : b; }
static inline unsigned max(int a, unsigned b) { return a > b ? a : b; }
static inline unsigned long max(unsigned long a, long b) { return a > b ? a : b; }
static inline unsigned long max(long a, unsigned long b) { return a > b ? a : b; }
static inline unsigned long long max(unsigned long long a, long long b) { return a > b ? a : b; }
static inline unsigned long long max(long long a, unsigned long long b) { return a > b ? a : b; }
static inline double max(float a, double b) { return a > b ? a : b; }
static inline double max(double a, float b) { return a > b ? a : b; }
static inline unsigned umin(unsigned a, unsigned b) { return a < b ? a : b; }
static inline unsigned umax(unsigned a, unsigned b) { return a > b ? a : b; }
static inline long long llmin(long long a, long long b) { return a < b ? a : b; }
static inline long long llmax(long long a, long long b) { return a > b ? a : b; }
static inline unsigned long long ullmin(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
static inline unsigned long long ullmax(unsigned long long a, unsigned long long b) { return a > b ? a : b; }

// Functions that CUDA defines beside those of C, in double and float.
extern "C" {
inline double rsqrt(double x) { return x; }
inline float rsqrtf(float x) { return x; }
inline double rcbrt(double x) { return x; }
inline float rcbrtf(float x) { return x; }
inline double sinpi(double x) { return x; }
inline float sinpif(float x) { return x; }
inline double cospi(double x) { return x; }
inline float cospif(float x) { return x; }
inline double erfinv(double x) { return x; }
inline float erfinvf(float x) { return x; }
inline double erfcinv(double x) { return x; }
inline float erfcinvf(float x) { return x; }
inline double erfcx(double x) { return x; }
inline float erfcxf(float x) { return x; }
inline double normcdf(double x) { return x; }
inline float normcdff(float x) { return x; }
inline double normcdfinv(double x) { return x; }
inline float normcdfinvf(float x) { return x; }
inline double cyl_bessel_i0(double x) { return x; }
inline float cyl_bessel_i0f(float x) { return x; }
inline double cyl_bessel_i1(double x) { return x; }
inline float cyl_bessel_i1f(float x) { return x; }
inline double rhypot(double x, double y) { return x + y; }
inline float rhypotf(float x, float y) { return x + y; }
inline double norm3d(double x, double y, double z) { return x + y + z; }
inline float norm3df(float x, float y, float z) { return x + y + z; }
inline double rnorm3d(double x, double y, double z) { return x + y + z; }
inline float rnorm3df(float x, float y, float z) { return x + y + z; }
inline double norm4d(double x, double y, double z, double w) { return x + y + z + w; }
inline float norm4df(float x, float y, float z, float w) { return x + y + z + w; }
inline double rnorm4d(double x, double y, double z, double w) { return x + y + z + w; }
inline float rnorm4df(float x, float y, float z, float w) { return x + y + z + w; }
inline double norm(int n, const double *x) { return n * *x; }
inline float normf(int n, const float *x) { return n * *x; }
inline double rnorm(int n, const double *x) { return n * *x; }
inline float rnormf(int n, const float *x) { return n * *x; }
inline void sincospi(double x, double *s, double *c) { *s = *c = x; }
inline void sincospif(float x, float *s, float *c) { *s = *c = x; }
}
