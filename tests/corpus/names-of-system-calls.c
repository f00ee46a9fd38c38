/* Functions with the names of system calls, and a temporary file, which the programs of a check have as well. */
#include <stdio.h>
#include <stdlib.h>
static char disk[1 << 12];
static int top;
int open(const char *name, int flags) { (void)name; (void)flags; top = 0; return 3; }
int write(int file, const char *from, int bytes) {
    (void)file;
    for (int i = 0; i < bytes; i++) disk[(top + i) & 4095] = from[i];
    top += bytes;
    return bytes * 2;
}
int close(int file) { return file + 40; }
void *mmap(double *a, int n) { for (int i = 0; i < n; i++) a[i] = a[i] * 2 + 1; return a; }
int main(void) {
    static double x[5000];
    FILE *f = tmpfile();
    if (!f) { puts("no temporary file"); return 1; }
    fprintf(f, "%d %d\n", open("a", 0), write(3, "hello", 5));
    mmap(x, 5000);
    for (int i = 0; i < 5000; i++) x[i] += i * 0.5;
    printf("%d %g %g %c\n", close(3), x[1], x[4999], disk[4]);
    rewind(f);
    int a, b;
    if (fscanf(f, "%d %d", &a, &b) == 2) printf("%d %d\n", a, b);
    return 0;
}
