    void in(const void *host) { MUPAC_CHECK(cudaMemcpy(device, host, count * sizeof(T), cudaMemcpyHostToDevice), line); }
