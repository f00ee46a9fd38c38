    std::vector<T> all() const {
        std::vector<T> host(count);
        MUPAC_CHECK(cudaMemcpy(host.data(), device, count * sizeof(T), cudaMemcpyDeviceToHost), line);
        return host;
    }
