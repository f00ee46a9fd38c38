@PAGES@void make_room();
inline void *allocate(size_t bytes, int line) {
@SPARE@    for (auto &each : spare)
@SPARE@        if (each.first == bytes) {
@SPARE@            void *found = each.second;
@SPARE@            each = spare.back(), spare.pop_back();
@SPARE@            return found;
@SPARE@        }
    void *device = nullptr;
    if (cudaMalloc(&device, bytes) == cudaSuccess) return device;
    (void)cudaGetLastError();  // what is only kept makes room
@SPARE@    empty();
@PAGES@    make_room();
    MUPAC_CHECK(cudaMalloc(&device, bytes), line);
    return device;
}
