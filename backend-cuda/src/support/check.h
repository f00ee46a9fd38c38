inline void check(cudaError_t status, const char *what, int line) {
    if (status == cudaSuccess) return;
    fprintf(stderr, "%s:%d: %s: %s\n", @FILE@, line, what, cudaGetErrorString(status));
#ifndef MUPAC_SYNC
    if (cudaDeviceSynchronize() != cudaSuccess) fprintf(stderr, "a kernel failed here or before: -DMUPAC_SYNC waits for each and tells which\n");
#endif
    exit(EXIT_FAILURE);
}
#define MUPAC_CHECK(call, line) mupac::check((call), #call, (line))
inline void launched(const char *kernel, int line) {
    check(cudaGetLastError(), kernel, line);
#ifdef MUPAC_SYNC
    check(cudaDeviceSynchronize(), kernel, line);
#endif
}
