// Names of C that C++, CUDA and the run-time support have for something else.
// mupac: --cpu-threshold 100
#include <stdio.h>
static int threadIdx[3000], warpSize[3000];
struct mupac { int class, new; };
static int min(int a, int b) { return a < b ? a : b; }
static int max(int a, int b) { return a > b ? a : b; }
static float float4(float v) { return v * 4; }
static int atomicAdd(int *p, int v) { *p += v; return *p; }
static void __syncthreads_(void) {}
static int clamp(int this, int and) { return min(max(this, 0), and); }
static float out[3000];
int main(void) {
    struct mupac m = {2, 3};
    int blockIdx = 5, gridDim = 2, dim3 = 1, cudaMalloc = 4, template = 0;
    for (int tid = 0; tid < 3000; tid++) threadIdx[tid] = tid * m.class;
    for (int i = 0; i < 3000; i++) warpSize[i] = clamp(threadIdx[i] - blockIdx * gridDim, 900) + dim3 + m.new;
    for (int i = 0; i < 3000; i++) out[i] = float4(warpSize[i]) + cudaMalloc + template;
    int total = 0;
    for (int i = 0; i < 3000; i++) atomicAdd(&total, (int)out[i]);
    __syncthreads_();
    printf("%d %g %g\n", total, out[17], float4(1));
    return 0;
}
