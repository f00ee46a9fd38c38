// Only some elements are written: the range is copied in, and only what the kernel changed is copied out.
void mark(int n, const float *restrict a, int *restrict seen) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0.5f)
            seen[i] = 1;
}
