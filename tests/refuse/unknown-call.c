float measure(int channel);

void sample(int n, float *a) {
    for (int i = 0; i < n; i++) //~ unknown-call: calls measure, whose effects are not known
        a[i] = measure(i);
}
