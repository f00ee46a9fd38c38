struct Spare { size_t bytes; void *device; };
thread_local Spare spare[16];  // free memory of the device, kept while a `Residence` lasts
thread_local size_t spares = 0;
inline size_t rounded(size_t bytes) {  // so that arrays that grow or shrink a little at a time serve each other
    size_t step = 256;
    while (step < (2 << 20) && 8 * step < bytes) step *= 2;
    return (bytes + step - 1) / step * step;
}
inline void *take(size_t at) {
    void *device = spare[at].device;
    for (spares--; at < spares; at++) spare[at] = spare[at + 1];
    return device;
}
inline void give(void *device, size_t bytes, int line) {
    if (residences == 0) return MUPAC_CHECK(cudaFree(device), line);
    if (spares == 16) MUPAC_CHECK(cudaFree(take(0)), line);  // the oldest
    spare[spares++] = {rounded(bytes), device};
}
inline void empty() {
    while (spares > 0) MUPAC_CHECK(cudaFree(spare[--spares].device), 0);
}
