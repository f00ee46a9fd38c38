/* The last iteration whose element is positive decides, and that is data. */
int search(int n, const float *b) {
    int last = -1;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 overwrites last, which i = 0 wrote
        if (b[i] > 0)
            last = i;
    return last;
}

/* The last value is read from what the loop writes, which is on the device. */
float previous(int n, float *a) {
    float t = 0;
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes t first, but code elsewhere may read what the last one leaves there
        t = a[i];
        a[i] = t + 1;
    }
    return t;
}
