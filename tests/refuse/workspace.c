/* One element is not filled, or not in every iteration: it comes from the iteration before. */
void missing(int n, float *a, const float *b) {
    float v[3] = {0, 0, 0};
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads v[0], which i = 0 wrote
        v[0] = b[i];
        v[1] = v[0] + 1;
        a[i] = v[0] + v[1] + v[2];
        v[2] = v[0];
    }
}

void sometimes(int n, float *a, const float *b) {
    float v[2];
    v[0] = v[1] = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads v[0], which i = 0 wrote
        if (b[i] > 0)
            v[0] = b[i];
        a[i] = v[0];
    }
}

float later(int n, float *a, const float *b) {
    float v[2];
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes v first, but code elsewhere may read what the last one leaves there
        v[0] = b[i];
        a[i] = v[0];
    }
    return v[0];
}
