template <class T> void release(const T *host, size_t count) {  // so that the host can write these elements
    auto first = (char *)host, last = (char *)(host + count);
    for (Held *each = held, *next; each; each = next) {
        next = each->next;
        if (first < each->last && each->first < last) drop(each);
    }
}
