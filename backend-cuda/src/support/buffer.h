@!SYSTEM@template <class T> struct Buffer {  // owns `count` elements on the device for one scope
@SYSTEM@template <class T> struct Buffer {  // for one scope: `count` elements on the device, or those of the host where it sees them
    T *device = nullptr; size_t count; int line;
@SYSTEM@    const bool is_host = false;
@!ROOM@    Buffer(size_t n, int l) : count(n), line(l) { MUPAC_CHECK(cudaMalloc(&device, n * sizeof(T)), l); }
@ROOM@@!SPARE@    Buffer(size_t n, int l) : device((T *)reserve(n * sizeof(T), l)), count(n), line(l) {}
@SPARE@    Buffer(size_t n, int l) : device((T *)allocate(n * sizeof(T), l)), count(n), line(l) {}
@SYSTEM@    Buffer(const void *host, size_t n, int l, bool is_dense = true) : device((T *)host), count(n), line(l), is_host(sees_host(l)) {
@SYSTEM@        if (!is_host) MUPAC_CHECK(cudaMalloc(&device, n * sizeof(T)), l);
@SYSTEM@        else if (is_dense) prefetch(host, n * sizeof(T), l);
@SYSTEM@    }
@!SPARE@@!SYSTEM@    ~Buffer() { MUPAC_CHECK(cudaFree(device), line); }
@SYSTEM@    ~Buffer() { if (!is_host) MUPAC_CHECK(cudaFree(device), line); }
@SPARE@    ~Buffer() { give(device, count * sizeof(T), line); }
    Buffer(const Buffer &) = delete;
@METHODS@};
