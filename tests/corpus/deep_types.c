/* Structures nested more than 32 deep, and pointers to pointers to more: what uses them stays, the rest does not. */
struct s0 {
    double x;
};
#define AROUND(n, m) struct s##n { struct s##m in; int k; };
AROUND(1, 0) AROUND(2, 1) AROUND(3, 2) AROUND(4, 3) AROUND(5, 4) AROUND(6, 5)
AROUND(7, 6) AROUND(8, 7) AROUND(9, 8) AROUND(10, 9) AROUND(11, 10) AROUND(12, 11)
AROUND(13, 12) AROUND(14, 13) AROUND(15, 14) AROUND(16, 15) AROUND(17, 16) AROUND(18, 17)
AROUND(19, 18) AROUND(20, 19) AROUND(21, 20) AROUND(22, 21) AROUND(23, 22) AROUND(24, 23)
AROUND(25, 24) AROUND(26, 25) AROUND(27, 26) AROUND(28, 27) AROUND(29, 28) AROUND(30, 29)
AROUND(31, 30) AROUND(32, 31) AROUND(33, 32) AROUND(34, 33) AROUND(35, 34) AROUND(36, 35)
AROUND(37, 36) AROUND(38, 37) AROUND(39, 38) AROUND(40, 39)
struct before;
struct around {
    struct before *other;
    struct s31 in;
};
struct before {
    struct around in;
    int k;
};

void outermost(int n, struct s40 *a) {
    for (int i = 0; i < n; i++)
        a[i].k += 1;
}

void innermost(int n, struct s40 *a) {
    for (int i = 0; i < n; i++)
        a[i].in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.in.x *= 2;
}

void before(int n, struct before *a) {
    for (int i = 0; i < n; i++)
        a[i].k += 1;
}

void stars(int n, int *a, int ****************************************p) {
    for (int i = 0; i < n; i++)
        a[i] += ****************************************p;
}

void plain(int n, int *a) {
    for (int i = 0; i < n; i++)
        a[i] += 1;
}
