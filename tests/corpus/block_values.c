/* Blocks with a value that only name their operands, as macros make them. */
// mupac: --cpu-threshold 0
#define MAX(a,b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min(x, y) ({ double __x = (x); double __y = (y); __x < __y ? __x : __y; })
void relu(float *a, int n) {
    for (int i = 0; i < n; i++) a[i] = MAX(a[i], 0.0f);
}
double best(const double *a, int n) {
    double m = 0;
    for (int i = 0; i < n; i++) m = MAX(m, a[i]);
    return m;
}
void clip(double *a, int n) {
    for (int i = 0; i < n; i++) a[i] = min(min(a[i], 3.0), MAX(a[i], -2.0));
}
void idx(double *a, const double *b, int n) {
    for (int i = 0; i < n; i++) a[i] = b[MAX(i - 1, 0)] + b[i];
}
void cond(double *a, int n) {
    for (int i = 0; i < n; i++)
        if (MAX(a[i], 1.0) > 2) a[i] = 0;
}
