#pragma omp parallel for reduction(+: ) schedule(
#pragma mupac
#pragma mupac extent(
#pragma mupac extent(a: n) extent(a: n) nothing(at: all)
void f(int n, int *a) {
#pragma omp simd
#pragma mupac extent(b: "n")
#pragma GCC ivdep
    for (int i = 0; i < n; i++) a[i] = 1;
}
