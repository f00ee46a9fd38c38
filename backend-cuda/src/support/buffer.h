template <class T> struct Buffer {  // owns `count` elements on the device for one scope
    T *device = nullptr; size_t count; int line;
@!ROOM@    Buffer(size_t n, int l) : count(n), line(l) { MUPAC_CHECK(cudaMalloc(&device, n * sizeof(T)), l); }
@ROOM@@!SPARE@    Buffer(size_t n, int l) : device((T *)reserve(n * sizeof(T), l)), count(n), line(l) {}
@SPARE@    Buffer(size_t n, int l) : device((T *)allocate(n * sizeof(T), l)), count(n), line(l) {}
@!SPARE@    ~Buffer() { MUPAC_CHECK(cudaFree(device), line); }
@SPARE@    ~Buffer() { give(device, count * sizeof(T), line); }
    Buffer(const Buffer &) = delete;
@METHODS@};
