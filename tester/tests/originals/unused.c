void mark(int n, const float *a, float *y) {
    float first = *a;
    for (int i = 0; i < n; i++) {
        float next = a[i + 1];
        if (next > first) next = first;
        y[i] = i;
    }
}
