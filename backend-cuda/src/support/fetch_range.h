inline void fetch_bytes(char *first, char *last) {
    for (char *at = first; Held *each = next_held(at, last);) each->fetch(first, last);
}
template <class T> void fetch(const T *host, size_t count) {  // so that the host can read these elements
    fetch_bytes((char *)host, (char *)(host + count));
}
@FETCH_BETWEEN@template <class T> void fetch_between(const T *first, const T *last) {  // both included
@FETCH_BETWEEN@    if (first <= last) fetch((const char *)first, (const char *)(last + 1) - (const char *)first);
@FETCH_BETWEEN@}
