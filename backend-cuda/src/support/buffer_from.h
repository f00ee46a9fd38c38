    T *from(long long first) const { return (T *)((uintptr_t)device - first * sizeof(T)); }  // whose element `first` is the buffer's first
