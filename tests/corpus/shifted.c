/* Reads a neighbour from another array: parallel, and the ranges differ by one. */
void smooth(int n, float *restrict to, const float *restrict from) {
    for (int i = 1; i < n - 1; i++)
        to[i] = (from[i - 1] + from[i] + from[i + 1]) / 3.0f;
}
