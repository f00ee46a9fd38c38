    void copy_rows(T *to, const T *from, size_t n, size_t pitch, size_t width, cudaMemcpyKind way) {  // and not what lies between them
        size_t step = pitch * sizeof(T), used = width * sizeof(T);
        if (n <= width) MUPAC_CHECK(cudaMemcpy(to, from, n * sizeof(T), way), line);
        else MUPAC_CHECK(cudaMemcpy2D(to, step, from, step, used, (n - width) / pitch + 1, way), line);
    }
    void copy_rows(T *to, const T *from, size_t pitch, size_t width, size_t plane, size_t rows, cudaMemcpyKind way) {  // of planes
@SYSTEM@        if (is_host) return;
        size_t n = rows > 0 ? (rows - 1) * pitch + width : count, planes = n < count ? (count - n) / plane + 1 : 1;
        for (size_t i = 0; i < planes; i++) copy_rows(to + i * plane, from + i * plane, planes > 1 ? n : count, pitch, width, way);
    }
    void in_rows(const void *host, size_t pitch, size_t width, size_t plane = 0, size_t rows = 0) { copy_rows(device, (const T *)host, pitch, width, plane, rows, cudaMemcpyHostToDevice); }
    void out_rows(void *host, size_t pitch, size_t width, size_t plane = 0, size_t rows = 0) { copy_rows((T *)host, device, pitch, width, plane, rows, cudaMemcpyDeviceToHost); }
