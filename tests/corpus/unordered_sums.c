// mupac: --cpu-threshold 0 --fp=atomic
/* Sums into elements that data choose, as threads come to them. */
void weighted(int n, const int *bin, const float *w, float *h, int bins) {
    for (int i = 0; i < n; i++)
        if (bin[i] >= 0 && bin[i] < bins) h[bin[i]] += w[i];
}

/* A block adds up its part first; a difference is a sum with the sign changed. */
void bytes(int n, const unsigned char *x, const double *w, double *h) {
    for (int i = 0; i < n; i++) h[x[i]] -= w[i] * 0.5;
}

/* Rows that data choose: what a clustering adds up. */
void centres(int n, int d, const float *x, const int *label, float *sum, int *count) {
    for (int i = 0; i < n; i++) {
        count[label[i]]++;
        for (int t = 0; t < d; t++) sum[label[i] * d + t] += x[i * d + t];
    }
}

/* Adding a product to the product of an element is no sum. */
void decayed(int n, const int *bin, const float *w, float *h) {
    for (int i = 0; i < n; i++) h[bin[i]] = h[bin[i]] * 0.5f + w[i];
}

/* Nor is one that rounds to another type in between. */
void narrowed(int n, const int *bin, const double *w, float *h) {
    for (int i = 0; i < n; i++) h[bin[i]] += w[i];
}

/* A member of a packed structure may lie at any byte, where no atomic addition can be. */
struct __attribute__((packed)) measured {
    char kind;
    double sum;
    int count;
};
void packed(int n, const int *bin, const double *w, struct measured *m) {
    for (int i = 0; i < n; i++) {
        m[bin[i]].sum += w[i];
        m[bin[i]].count++;
    }
}
