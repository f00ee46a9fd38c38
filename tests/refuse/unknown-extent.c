void follow(int n, float *a, const float *b, int *index) {
    for (int i = 0; i < n; i++) { //~ unknown-extent: how far it reaches into b is not known in advance
        a[i] = b[index[i]];
        index[i] = 0;
    }
}
