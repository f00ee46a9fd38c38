#define LOOP(i, n) for (int i = 0; i < (n); i++)
#define BODY(a, i) { a[i] = i; LOOP(j, 3) a[i] += j; }
#define NOTHING
#define TWO(a, n) LOOP(i, n) a[i] = 1; LOOP(i, n) a[i] += 2;
#define PASTE(a, b) a##b
#define STRING(a) #a
void PASTE(f, 1)(int n, int *a) { LOOP(i, n) BODY(a, i) }
void f2(int n, int *a) { TWO(a, n) TWO(a, n) }
void f3(int n, int *a) { LOOP(i, sizeof STRING(LOOP)) NOTHING a NOTHING [i] NOTHING = NOTHING n; }
#line 1000000 "elsewhere.c"
void f4(int n, int *a) {
    for (int i = 0; \
         i < n;     \
         i++)       \
        a[i]        \
            = 1;
}
void f5(int n, int *a) <% for (int i = 0; i < n; i++) a<:i:> = 2; %>
#if 0
void broken( {
#endif
