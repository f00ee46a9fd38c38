// What a launcher moves for its caller: counters and pointers that are read behind loops.
float *copied(float *d, const float *s, int i, int n) {
    for (; i < n; i++) *d++ = s[i];
    for (int k = 0; k < i; k++) *d++ = s[k];
    return d;
}
