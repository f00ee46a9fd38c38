// What no edit makes C++.
struct outer { struct inner { int a; } x; };
struct inner y;
int skips(int n) { if (n) goto out; int x = 3; return x; out: return 1; }
int old(a) int a; { return a; }
int generic(double d) { return _Generic(d, double: 1, default: 2); }
struct list { int new; };
int use(int this_, int this) { return this_ + this; }
long in_a_register(void) { register long r __asm__("r12"); __asm__("" : "=r"(r)); return r; }
