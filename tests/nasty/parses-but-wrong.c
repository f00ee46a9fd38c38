int f(int n, int *a) {
    undeclared(n);
    for (int i = 0; i < n; i++) a[i] = b[i];
    return "text";
}
void f(void) {}
