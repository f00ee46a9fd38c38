// expect: pass
// Votes, matches, reductions and shuffles of part of a warp.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void all(int *y) {
    int t = threadIdx.x;
    unsigned m = __match_any_sync(0xffffffffu, t % 4);
    unsigned sum = __reduce_add_sync(0xffffffffu, (unsigned)t);
    int least = __reduce_min_sync(0xffffffffu, 5 - t);
    int same, unsame;
    __match_all_sync(0xffffffffu, 7, &same);
    __match_all_sync(0xffffffffu, t, &unsame);
    double d = __shfl_down_sync(0xffffffffu, t * 0.5, 4, 8);
    int v = 0;
    if (t < 8) v = __shfl_xor_sync(0xffu, t, 1);
    y[t] = (m == 0x11111111u << t % 4) + 2 * (sum == 496u) + 4 * (least == -26) + 8 * same + 16 * !unsame +
           32 * (d == (t % 8 < 4 ? (t + 4) * 0.5 : t * 0.5)) + 64 * (v == (t < 8 ? (t ^ 1) : 0)) + 128 * __any_sync(0xffffffffu, t == 9);
}
int main() {
    int y[32], *yd;
    cudaMalloc(&yd, sizeof y);
    all<<<1, 32>>>(yd);
    cudaMemcpy(y, yd, sizeof y, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; i++)
        if (y[i] != 255) return printf("%d %d\n", i, y[i]), 1;
    printf("ok\n");
    return 0;
}
