inline unsigned blocks(long long n, unsigned size) { return (unsigned)((n + size - 1) / size); }
