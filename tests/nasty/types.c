typedef int row[8];
typedef struct node { struct node *next; row values; struct { int x, y; union { float f; int i; }; }; } node;
typedef int (*operation)(int, int);
int add(int a, int b) { return a + b; }
void a(int n, row *x) { for (int i = 0; i < n; i++) for (int j = 0; j < 8; j++) x[i][j] = j; }
void b(node *list) { for (node *each = list; each; each = each->next) each->x = each->y; }
void c(int n, int *x, operation op) { for (int i = 0; i < n; i++) x[i] = op(x[i], i); }
void d(int n, int m, int k, double x[restrict n][m][k]) { for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) for (int l = 0; l < k; l++) x[i][j][l] = i; }
void e(int n, int **x) { for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) x[i][j] = x[j][i]; }
void f(int n, void *x) { for (int i = 0; i < n; i++) ((char *)x)[i] = 0; }
void g(int n, const char *x, char *y) { for (int i = 0; x[i]; i++) y[i] = x[i]; }
void h(int n, node x[n]) { for (int i = 0; i < n; i++) x[i] = (node){.values = {[3] = 1}, .x = 2}; }
int i(int n) { int x[n][n]; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) x[i][j] = i; return x[n - 1][0]; }
void j(int n, enum { RED, GREEN } *x) { for (int i = 0; i < n; i++) x[i] = GREEN; }
_Bool k(int n, _Bool *x) { for (int i = 0; i < n; i++) x[i] = !x[i] + 2; return x[0]; }
int m(int n, int x[n]) { return n ? m(n - 1, x) + x[n - 1] : 0; }
static inline int o(int n) { for (int i = 0; i < n; i++) if (i * i > n) return i; return 1; }
_Static_assert(sizeof(row) == 32, "eight integers");
