// mupac: --cpu-threshold 0
// A variable that is declared in a block alone: tests cannot name it, so that loop has no kernel, and others have.
int common[20];
void fill(void) {
    extern int other;
    for (int i = 0; i < 20; i++) common[i] = i + other;
}
void add(int n, float *a) {
    for (int i = 0; i < n; i++) a[i] += 1;
}
