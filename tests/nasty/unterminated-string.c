const char *text = "no end;
void f(int n, int *a) { for (int i = 0; i < n; i++) a[i] = 1; }
