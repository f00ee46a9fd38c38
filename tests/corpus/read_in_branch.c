// mupac: --cpu-threshold 1
/* Both branches write the element, but one reads it before: it is copied in. */
void halve(int n, double *y, double limit) {
    for (int i = 3; i < 4; i++) {
        if (limit > 0)
            y[i - 3] = *y / 2;
        else
            y[i - 3] = 0;
    }
}
