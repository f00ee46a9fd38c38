template <class T> void fetch(const T *host, size_t count) {  // so that the host can read these elements
    auto first = (char *)host, last = (char *)(host + count);
    for (Held *each = held; each; each = each->next)
        if (first < each->last && each->first < last) each->fetch();
}
