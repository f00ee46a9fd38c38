inline int ask(cudaDeviceAttr what, int line) {
    int device = 0, answer = 0;
    MUPAC_CHECK(cudaGetDevice(&device), line);
    MUPAC_CHECK(cudaDeviceGetAttribute(&answer, what, device), line);
    return answer;
}
inline bool sees_host(int line) {  // whether kernels can go through the host's pointers (HMM on Linux, Grace Hopper)
    static const bool sees = ask(cudaDevAttrPageableMemoryAccess, line) != 0;
    return sees;
}
inline void wait(int line) {  // so that the host may look at what kernels wrote
    if (sees_host(line)) MUPAC_CHECK(cudaDeviceSynchronize(), line);
}
// A hint, once for each range, since pages stay where they were used last: to go through many pages costs less than a fault at
// each. Tables of pages that host and device share have no such faults.
inline void prefetch(const void *host, size_t bytes, int line) {
    static const bool pays = ask(cudaDevAttrPageableMemoryAccessUsesHostPageTables, line) == 0;
    static thread_local struct { const void *host; size_t bytes; } known[16];
    static thread_local unsigned next = 0;
    if (!pays || bytes < 65536) return;
    for (auto &each : known)
        if (each.host == host && each.bytes == bytes) return;
    known[next++ % 16] = {host, bytes};
    int device = 0;
    MUPAC_CHECK(cudaGetDevice(&device), line);
#if CUDART_VERSION >= 13000
    cudaMemPrefetchAsync(host, bytes, cudaMemLocation{cudaMemLocationTypeDevice, device}, 0, 0);
#else
    cudaMemPrefetchAsync(host, bytes, device, 0);
#endif
    cudaGetLastError();  // pages that do not move are found where they are
}
