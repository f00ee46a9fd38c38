template <class T, int length> struct Constants {  // elements that a kernel is passed by value, in constant memory
    T of[length] = {};
    Constants(const void *host, size_t first, size_t count) { if (count) memcpy(of + first, host, count * sizeof(T)); }
};
