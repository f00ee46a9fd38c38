inline void check(cudaError_t status, const char *what, int line) {
    if (status == cudaSuccess) return;
    fprintf(stderr, "%s:%d: %s: %s\n", @FILE@, line, what, cudaGetErrorString(status));
    exit(EXIT_FAILURE);
}
#define MUPAC_CHECK(call, line) mupac::check((call), #call, (line))
