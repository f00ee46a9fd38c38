// expect: pass
// Records of five bytes are taken apart by memcpy, which asks for no alignment.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstring>

__global__ void unpack(const unsigned char *records, int n, int *values) {
    int i = threadIdx.x;
    if (i < n) memcpy(&values[i], records + 5 * i + 1, sizeof(int));
}

int main() {
    const int n = 16;
    unsigned char records[5 * n], *records_device;
    int values[n], *values_device;
    for (int i = 0; i < n; i++) {
        int value = 1000 * i;
        records[5 * i] = 'v';
        memcpy(records + 5 * i + 1, &value, sizeof value);
    }
    cudaMalloc(&records_device, sizeof records);
    cudaMalloc(&values_device, sizeof values);
    cudaMemcpy(records_device, records, sizeof records, cudaMemcpyHostToDevice);
    unpack<<<1, 32>>>(records_device, n, values_device);
    cudaMemcpy(values, values_device, sizeof values, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (values[i] != 1000 * i) return 1;
    printf("ok\n");
    return 0;
}
