// mupac: --fp=strict
/* Under --fp=strict a product that is an operand of a sum is rounded first; a product that is only multiplied on, or that
   is an index, needs nothing. */
void combine(int n, float a, const float *x, const double *w, float *y, double *z) {
    for (int i = 0; i < n; i++) {
        float scaled = a * x[i];
        y[i] = scaled * x[i] + y[i];
        z[i] -= w[2 * i + 1] * 0.5 * w[2 * i];
    }
}
