    void copy_rows(void *to, const void *from, size_t pitch, size_t width, cudaMemcpyKind way) {  // and not what lies between them
@SYSTEM@        if (is_host) return;
        size_t step = pitch * sizeof(T), used = width * sizeof(T);
        if (count <= width) MUPAC_CHECK(cudaMemcpy(to, from, count * sizeof(T), way), line);
        else MUPAC_CHECK(cudaMemcpy2D(to, step, from, step, used, (count - width) / pitch + 1, way), line);
    }
    void in_rows(const void *host, size_t pitch, size_t width) { copy_rows(device, host, pitch, width, cudaMemcpyHostToDevice); }
    void out_rows(void *host, size_t pitch, size_t width) { copy_rows(host, device, pitch, width, cudaMemcpyDeviceToHost); }
