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
struct char1 { signed char x; };
static inline char1 make_char1(signed char x) { return {x}; }
struct char2 { signed char x, y; };
static inline char2 make_char2(signed char x, signed char y) { return {x, y}; }
struct char3 { signed char x, y, z; };
static inline char3 make_char3(signed char x, signed char y, signed char z) { return {x, y, z}; }
struct char4 { signed char x, y, z, w; };
static inline char4 make_char4(signed char x, signed char y, signed char z, signed char w) { return {x, y, z, w}; }
struct uchar1 { unsigned char x; };
static inline uchar1 make_uchar1(unsigned char x) { return {x}; }
struct uchar2 { unsigned char x, y; };
static inline uchar2 make_uchar2(unsigned char x, unsigned char y) { return {x, y}; }
struct uchar3 { unsigned char x, y, z; };
static inline uchar3 make_uchar3(unsigned char x, unsigned char y, unsigned char z) { return {x, y, z}; }
struct uchar4 { unsigned char x, y, z, w; };
static inline uchar4 make_uchar4(unsigned char x, unsigned char y, unsigned char z, unsigned char w) { return {x, y, z, w}; }
struct short1 { short x; };
static inline short1 make_short1(short x) { return {x}; }
struct short2 { short x, y; };
static inline short2 make_short2(short x, short y) { return {x, y}; }
struct short3 { short x, y, z; };
static inline short3 make_short3(short x, short y, short z) { return {x, y, z}; }
struct short4 { short x, y, z, w; };
static inline short4 make_short4(short x, short y, short z, short w) { return {x, y, z, w}; }
struct ushort1 { unsigned short x; };
static inline ushort1 make_ushort1(unsigned short x) { return {x}; }
struct ushort2 { unsigned short x, y; };
static inline ushort2 make_ushort2(unsigned short x, unsigned short y) { return {x, y}; }
struct ushort3 { unsigned short x, y, z; };
static inline ushort3 make_ushort3(unsigned short x, unsigned short y, unsigned short z) { return {x, y, z}; }
struct ushort4 { unsigned short x, y, z, w; };
static inline ushort4 make_ushort4(unsigned short x, unsigned short y, unsigned short z, unsigned short w) { return {x, y, z, w}; }
struct int1 { int x; };
static inline int1 make_int1(int x) { return {x}; }
struct int2 { int x, y; };
static inline int2 make_int2(int x, int y) { return {x, y}; }
struct int3 { int x, y, z; };
static inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
struct int4 { int x, y, z, w; };
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
struct uint1 { unsigned x; };
static inline uint1 make_uint1(unsigned x) { return {x}; }
struct uint2 { unsigned x, y; };
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
struct uint3 { unsigned x, y, z; };
static inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }
struct uint4 { unsigned x, y, z, w; };
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
struct long1 { long x; };
static inline long1 make_long1(long x) { return {x}; }
struct long2 { long x, y; };
static inline long2 make_long2(long x, long y) { return {x, y}; }
struct long3 { long x, y, z; };
static inline long3 make_long3(long x, long y, long z) { return {x, y, z}; }
struct long4 { long x, y, z, w; };
static inline long4 make_long4(long x, long y, long z, long w) { return {x, y, z, w}; }
struct ulong1 { unsigned long x; };
static inline ulong1 make_ulong1(unsigned long x) { return {x}; }
struct ulong2 { unsigned long x, y; };
static inline ulong2 make_ulong2(unsigned long x, unsigned long y) { return {x, y}; }
struct ulong3 { unsigned long x, y, z; };
static inline ulong3 make_ulong3(unsigned long x, unsigned long y, unsigned long z) { return {x, y, z}; }
struct ulong4 { unsigned long x, y, z, w; };
static inline ulong4 make_ulong4(unsigned long x, unsigned long y, unsigned long z, unsigned long w) { return {x, y, z, w}; }
struct longlong1 { long long x; };
static inline longlong1 make_longlong1(long long x) { return {x}; }
struct longlong2 { long long x, y; };
static inline longlong2 make_longlong2(long long x, long long y) { return {x, y}; }
struct longlong3 { long long x, y, z; };
static inline longlong3 make_longlong3(long long x, long long y, long long z) { return {x, y, z}; }
struct longlong4 { long long x, y, z, w; };
static inline longlong4 make_longlong4(long long x, long long y, long long z, long long w) { return {x, y, z, w}; }
struct ulonglong1 { unsigned long long x; };
static inline ulonglong1 make_ulonglong1(unsigned long long x) { return {x}; }
struct ulonglong2 { unsigned long long x, y; };
static inline ulonglong2 make_ulonglong2(unsigned long long x, unsigned long long y) { return {x, y}; }
struct ulonglong3 { unsigned long long x, y, z; };
static inline ulonglong3 make_ulonglong3(unsigned long long x, unsigned long long y, unsigned long long z) { return {x, y, z}; }
struct ulonglong4 { unsigned long long x, y, z, w; };
static inline ulonglong4 make_ulonglong4(unsigned long long x, unsigned long long y, unsigned long long z, unsigned long long w) { return {x, y, z, w}; }
struct float1 { float x; };
static inline float1 make_float1(float x) { return {x}; }
struct float2 { float x, y; };
static inline float2 make_float2(float x, float y) { return {x, y}; }
struct float3 { float x, y, z; };
static inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
struct float4 { float x, y, z, w; };
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
struct double1 { double x; };
static inline double1 make_double1(double x) { return {x}; }
struct double2 { double x, y; };
static inline double2 make_double2(double x, double y) { return {x, y}; }
struct double3 { double x, y, z; };
static inline double3 make_double3(double x, double y, double z) { return {x, y, z}; }
struct double4 { double x, y, z, w; };
static inline double4 make_double4(double x, double y, double z, double w) { return {x, y, z, w}; }
struct dim3 { unsigned x, y, z; };
extern const uint3 threadIdx, blockIdx;
extern const dim3 blockDim, gridDim;
extern const int warpSize;

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
inline void sincospi(double x, double *s, double *c) { *s = *c = x; }
inline void sincospif(float x, float *s, float *c) { *s = *c = x; }
}
