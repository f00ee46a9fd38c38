typedef struct {
    int n;
    double last;
} job;

void work(job all, double *x) {
    for (int i = 0; i < all.n; i++) { //~ unsupported: writing all.last beside the bound all.n
        //? read it into a variable before the loop
        all.last = x[i] * 2;
        x[i] = all.last + 1;
    }
}
//// as the hint says
typedef struct {
    int n;
    double last;
} job;

void work(job all, double *x) {
    int n = all.n;
    for (int i = 0; i < n; i++) { //~ kernel
        all.last = x[i] * 2;
        x[i] = all.last + 1;
    }
}
