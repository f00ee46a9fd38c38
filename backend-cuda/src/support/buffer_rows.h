    void copy_rows(void *to, const void *from, size_t pitch, size_t width, cudaMemcpyKind way) {  // and not what lies between them
        if (count == 0) return;
        size_t step = pitch * sizeof(T), rows = (count - width) / pitch + 1;
        if (rows == 1) step = count * sizeof(T);
        MUPAC_CHECK(cudaMemcpy2D(to, step, from, step, width * sizeof(T), rows, way), line);
    }
    void in_rows(const void *host, size_t pitch, size_t width) { copy_rows(device, host, pitch, width, cudaMemcpyHostToDevice); }
    void out_rows(void *host, size_t pitch, size_t width) { copy_rows(host, device, pitch, width, cudaMemcpyDeviceToHost); }
