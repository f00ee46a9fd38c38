@SYSTEM@    void out(void *host) const { if (!is_host) MUPAC_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost), line); }
@!SYSTEM@    void out(void *host) const { touch(host, count * sizeof(T)), MUPAC_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost), line); }
