thread_local std::vector<std::pair<size_t, void *>> spare;  // free memory of the device, kept while a `Residence` lasts
inline void give(void *device, size_t bytes, int line) {
    if (residences > 0 && spare.size() < 16) spare.emplace_back(bytes, device);
    else MUPAC_CHECK(cudaFree(device), line);
}
inline void empty() {
    for (auto &each : spare) MUPAC_CHECK(cudaFree(each.second), 0);
    spare.clear();
}
