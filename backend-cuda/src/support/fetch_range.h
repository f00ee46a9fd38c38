template <class T> void fetch(const T *host, size_t count) {  // so that the host can read these elements
    for (Held *each = held; each; each = each->next) each->fetch((char *)host, (char *)(host + count));
}
