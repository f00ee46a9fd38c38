    unsigned char *kept = nullptr;  // what `in_kept` read; `out_changed` writes no byte that kernels left as it was
    unsigned char *bytes() {
        auto fresh = (unsigned char *)malloc(count * sizeof(T));
        if (!fresh) MUPAC_CHECK(cudaErrorMemoryAllocation, line);
        return fresh;
    }
@!SYSTEM@    void in_kept(const void *host) { in(memcpy(kept = bytes(), host, count * sizeof(T))); }
@SYSTEM@    void in_kept(const void *host) { if (!is_host) in(memcpy(kept = bytes(), host, count * sizeof(T))); }
    void out_changed(void *host) {
@SYSTEM@        if (is_host) return;
        auto now = bytes();
        out(now);
        for (size_t k = 0; k < count * sizeof(T); k++)
            if (now[k] != kept[k]) ((unsigned char *)host)[k] = now[k];
        free(now), free(kept);
    }
