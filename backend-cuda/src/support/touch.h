// Results to memory that nobody has touched yet go home three times as fast once it has its pages, in one go and large ones
// where it may (madvise(2): MADV_HUGEPAGE, and MADV_POPULATE_WRITE of Linux 5.14).
#ifdef __linux__
extern "C" int advise(void *first, size_t bytes, int how) __asm__("madvise");
inline void touch(void *host, size_t bytes) {
    size_t first = ((size_t)host + 4095) / 4096 * 4096, last = ((size_t)host + bytes) / 4096 * 4096;
    if (bytes >= 1 << 20) (void)(advise((void *)first, last - first, 14), advise((void *)first, last - first, 23));
}
#else
inline void touch(void *, size_t) {}
#endif
