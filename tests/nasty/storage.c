_Thread_local int t;
volatile int v;
struct bits { unsigned a : 3; signed b : 5; unsigned : 0; unsigned c : 1; } bits[100];
union either { int i; float f; } either[100];
struct tail { int n; int a[]; };
struct empty {} nothing[4];
int zero[0];
void f(int n, struct tail *tail) {
    for (int i = 0; i < n; i++) { t += i; v = i; }
    for (int i = 0; i < 100; i++) bits[i].a = i;
    for (int i = 0; i < 100; i++) either[i].i = i;
    for (int i = 0; i < tail->n; i++) tail->a[i] = i;
    for (int i = 0; i < 4; i++) nothing[i] = nothing[3 - i];
}
