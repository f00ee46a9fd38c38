@SYSTEM@    void out(void *host) const { if (!is_host) MUPAC_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost), line); }
@!SYSTEM@    void out(void *host) const { MUPAC_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost), line); }
