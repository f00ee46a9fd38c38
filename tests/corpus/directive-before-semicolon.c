// mupac: --cpu-threshold 0
// A loop whose last statement is chosen in parts: its semicolon stands behind the directives.
#define ONE
void add(int n, double *a) {
    for (int i = 0; i < n; i++) a[i] = a[i] +
#ifdef ONE
        1
#else
        2
#endif
        ;
}
