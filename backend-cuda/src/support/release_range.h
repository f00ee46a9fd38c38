template <class T> void release(const T *host, size_t count) {  // so that the host can write these elements
    auto first = (char *)host, last = (char *)(host + count);
    for (Held *each = held, *next; each; each = next) {
        next = each->next;
@!PAGES@        if (first < each->last && each->first < last) drop(each);
@PAGES@        if (last <= each->first || each->last <= first) continue;
@PAGES@        each->rest();
@PAGES@        if (!each->pages.are_told()) drop(each);
    }
}
