double part[16];

void window(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes part first
        //? declare it inside of the loop
        for (int k = 0; k < 16; k++)
            part[k] = x[i + k] * 0.5;
        y[i] = 0;
        for (int k = 0; k < 16; k++)
            y[i] += part[k] * part[15 - k];
    }
}
//// as the hint says
void window(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ kernel
        double part[16];
        for (int k = 0; k < 16; k++)
            part[k] = x[i + k] * 0.5;
        y[i] = 0;
        for (int k = 0; k < 16; k++)
            y[i] += part[k] * part[15 - k];
    }
}
