// expect: deadlock
// Two threads hold one lock each when they pass the barrier, and then wait for the other's lock.
#include <cuda_runtime.h>
#include <cstdio>

__device__ void lock(int *l) {
    while (atomicCAS(l, 0, 1) != 0) {}
    __threadfence();
}

__global__ void transfer(int *locks, long *account) {
    int me = threadIdx.x / 32, other = 1 - me;
    bool leader = threadIdx.x % 32 == 0;
    if (leader) lock(&locks[me]);
    __syncthreads();
    if (leader) {
        lock(&locks[other]);
        account[me] -= 10;
        account[other] += 10;
        __threadfence();
        atomicExch(&locks[other], 0);
        atomicExch(&locks[me], 0);
    }
}

int main() {
    int *locks;
    long *account, balance[2] = {100, 100};
    cudaMalloc(&locks, 2 * sizeof(int));
    cudaMalloc(&account, sizeof balance);
    cudaMemset(locks, 0, 2 * sizeof(int));
    cudaMemcpy(account, balance, sizeof balance, cudaMemcpyHostToDevice);
    transfer<<<1, 64>>>(locks, account);
    cudaMemcpy(balance, account, sizeof balance, cudaMemcpyDeviceToHost);
    printf("%ld\n", balance[0] + balance[1]);
    return 0;
}
