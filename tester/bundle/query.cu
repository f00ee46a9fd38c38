// Says which GPU there is, as assignments for a shell; exit code 1 and a reason where there is none.
#include <cuda_runtime.h>
#include <stdio.h>
#include <string.h>

// Letters that would end a quoted word of a shell are left out.
static void assign(const char *name, const char *value) {
    printf("%s='", name);
    for (; *value; value++)
        if (*value != '\'' && *value >= ' ') putchar(*value);
    printf("'\n");
}

int main(void) {
    int count = 0, runtime = 0, supported = 0;
    cudaError_t status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0) {
        printf("no CUDA device: %s\n", status == cudaSuccess ? "none is there" : cudaGetErrorString(status));
        return 1;
    }
    struct cudaDeviceProp device;
    status = cudaGetDeviceProperties(&device, 0);
    if (status != cudaSuccess) {
        printf("no CUDA device: %s\n", cudaGetErrorString(status));
        return 1;
    }
    char text[64];
    assign("MUPAC_GPU", device.name);
    snprintf(text, sizeof text, "%d.%d", device.major, device.minor);
    assign("MUPAC_CAPABILITY", text);
    cudaRuntimeGetVersion(&runtime);
    snprintf(text, sizeof text, "%d.%d", runtime / 1000, runtime % 1000 / 10);
    assign("MUPAC_CUDA", text);
    // The kernel module says its version; the API knows only which CUDA it supports.
    FILE *module = fopen("/sys/module/nvidia/version", "r");
    if (!module || !fgets(text, sizeof text, module)) {
        cudaDriverGetVersion(&supported);
        snprintf(text, sizeof text, "for CUDA %d.%d", supported / 1000, supported % 1000 / 10);
    }
    if (module) fclose(module);
    text[strcspn(text, "\n")] = 0;
    assign("MUPAC_DRIVER", text);
    printf("MUPAC_ARCH=sm_%d%d\n", device.major, device.minor);
    return 0;
}
