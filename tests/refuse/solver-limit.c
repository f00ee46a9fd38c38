void scatter(int n, float *a) {
    for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) for (int k = 0; k < n; k++) for (int l = 0; l < n; l++) for (int p = 0; p < n; p++) for (int q = 0; q < n; q++) for (int r = 0; r < n; r++) //~ solver-limit: the dependence analysis gave up within its budget
        a[1451733 * i + 8237530 * j + 4489280 * k + 717783 * l + 107578 * p + 2542393 * q + 7989557 * r]
            = a[6360592 * i + 5458402 * j + 467249 * k + 4675114 * l + 8301395 * p + 3423682 * q + 7045875 * r] + 1;
}
