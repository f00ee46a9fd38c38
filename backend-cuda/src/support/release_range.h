inline void release_bytes(char *first, char *last) {
    for (char *at = first; Held *each = next_held(at, last);) {
@ROWS@        bool is_meant = false;  // and not between rows
@ROWS@        for (const Shape &shape : each->meant) shape.parts(first, last, [&](char *, size_t, size_t) { is_meant = true; });
@ROWS@        if (!is_meant) continue;
        bool is_part = each->first < first || last < each->last;
        if (is_part && each->lent.size() < 8) each->lend(first, last);
@!PAGES@        else drop(each);
@PAGES@        else if (each->rest(), !each->pages.are_told()) drop(each);
    }
}
template <class T> void release(const T *host, size_t count) {  // so that the host can write these elements
    release_bytes((char *)host, (char *)(host + count));
}
@RELEASE_BETWEEN@template <class T> void release_between(const T *first, const T *last) {  // both included
@RELEASE_BETWEEN@    if (first <= last) release((const char *)first, (const char *)(last + 1) - (const char *)first);
@RELEASE_BETWEEN@}
