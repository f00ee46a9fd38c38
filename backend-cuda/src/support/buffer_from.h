    T *from(long long first) const { return (T *)((uintptr_t)device - first * sizeof(T)); }  // its [first] is *device
