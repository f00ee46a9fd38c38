    void out(void *host) const { MUPAC_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost), line); }
