@PAGES@void make_room();
inline void *reserve(size_t bytes, int line) {
    void *device = nullptr;
    if (cudaMalloc(&device, bytes) == cudaSuccess) return device;
    (void)cudaGetLastError();  // what is only kept makes room
@SPARE@    empty();
@PAGES@    make_room();
    MUPAC_CHECK(cudaMalloc(&device, bytes), line);
    return device;
}
@SPARE@inline void *allocate(size_t bytes, int line) {
@SPARE@    for (size_t i = spares; i-- > 0;)
@SPARE@        if (spare[i].bytes == rounded(bytes)) return take(i);
@SPARE@    return reserve(rounded(bytes), line);
@SPARE@}
