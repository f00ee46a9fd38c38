// Whether there is a GPU that takes this file's kernels: where there is none, loops run on the CPU. As OMP_TARGET_OFFLOAD does
// (OpenMP 5.2, 21.4), MUPAC_OFFLOAD=disabled leaves them there, and a program with MUPAC_OFFLOAD=mandatory ends instead.
inline bool is_launchable(const void *kernel, int line) {
    static const bool is_so = [=] {
        const char *asked = getenv("MUPAC_OFFLOAD");
        if (asked && strcmp(asked, "disabled") == 0) return false;
        cudaFuncAttributes unused;
        cudaError_t status = cudaFuncGetAttributes(&unused, kernel);
        if (asked && strcmp(asked, "mandatory") == 0) check(status, "MUPAC_OFFLOAD=mandatory", line);
        (void)cudaGetLastError();
        return status == cudaSuccess;
    }();
    return is_so;
}
