@SYSTEM@    void in(const void *host) { if (!is_host) MUPAC_CHECK(cudaMemcpy(device, host, count * sizeof(T), cudaMemcpyHostToDevice), line); }
@!SYSTEM@    void in(const void *host) { MUPAC_CHECK(cudaMemcpy(device, host, count * sizeof(T), cudaMemcpyHostToDevice), line); }
