// original: paint.c
// entry: double paint(int n, int c, const double x[n], float y[n]) int last
// kernels: paint_l5
// expect: pass
enum color { red, green = 5, blue };
static enum color last;

__global__ void paint_l5(int n, enum color c, int last, const double *x, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = (float)x[i] * c + last;
}

double paint(int n, enum color c, const double *x, float *y) {
    if (n > 0 && ((const char *)(x + n) <= (char *)y || (char *)(y + n) <= (const char *)x)) {
        double *x_d;
        float *y_d;
        cudaMalloc(&x_d, n * sizeof *x_d);
        cudaMalloc(&y_d, n * sizeof *y_d);
        cudaMemcpy(x_d, x, n * sizeof *x_d, cudaMemcpyHostToDevice);
        paint_l5<<<(n + 63) / 64, 64>>>(n, c, last, x_d, y_d);
        cudaMemcpy(y, y_d, n * sizeof *y_d, cudaMemcpyDeviceToHost);
        cudaFree(x_d);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = (float)x[i] * c + last;
    }
    return n > 0 ? y[0] : -1.0;
}
