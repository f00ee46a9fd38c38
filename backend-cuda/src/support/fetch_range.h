template <class T> void fetch(const T *host, size_t count) {  // so that the host can read these elements
    auto first = (char *)host, last = (char *)(host + count);
    each_held(first, last, [=](Held *each) { each->fetch(first, last); });
}
@FETCH_BETWEEN@template <class T> void fetch_between(const T *first, const T *last) {  // both included
@FETCH_BETWEEN@    if (first <= last) fetch((const char *)first, (const char *)(last + 1) - (const char *)first);
@FETCH_BETWEEN@}
