/* Where types or masks bound the subscripts, a block joins its updates in shared memory first, and adds them once. */
unsigned counts[256];

void count(int n, const unsigned char *gray) {
    for (int i = 0; i < n; i++)
        counts[gray[i]]++;
}

long sums[16];
int greatest[1000];

void classes(int n, const int *key, const int *value) {
    for (int i = 0; i < n; i++) {
        int c = key[i] & 15;
        sums[c] += value[i];
    }
    for (int i = 0; i < n; i++)
        if (value[i] > greatest[key[i]])
            greatest[key[i]] = value[i];
}
