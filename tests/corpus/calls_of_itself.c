// mupac: --cpu-threshold 0
/* Functions that call themselves last: threads run them as loops, with what is done to the results in a variable. */
static int gcd(int a, int b) { return b ? gcd(b, a % b) : a; }

static int is_coprime(int a, int b) { return gcd(a, b) == 1; }

static unsigned power(unsigned base, unsigned exponent, unsigned so_far) {
    if (exponent == 0) return so_far;
    if (exponent & 1) return power(base * base, exponent >> 1, so_far * base);
    return power(base * base, exponent >> 1, so_far);
}

static int digits(int n) { return n == 0 ? 0 : n % 10 + digits(n / 10); }

static int bits(unsigned n) {
    if (!n) return 0;
    int rest = bits(n >> 1);
    return (n & 1) + rest;
}

static int steps(long n) {
    if (n == 1) return 0;
    if (n % 2 == 0)
        return 1 + steps(n / 2);
    else
        return 1 + steps(3 * n + 1);
}

static long factorial(int n) {
    if (n <= 1) return 1;
    return n * factorial(n - 1);
}

static void fill(int *a, int n) {
    if (n == 0) return;
    a[n - 1] = n;
    fill(a, n - 1);
}

static int root_below(int n) {
    if (n <= 0) return 0;
    for (int i = 0; i < 10; i++)
        if (i * i == n) return i;
    return root_below(n - 1);
}

/* These need a stack: the order of what they do to results matters, or they call themselves twice. */
static double fraction(double x, int n) { return n == 0 ? x : 1 / (x + fraction(x, n - 1)); }

static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

/* What is returned is read before the call's result is. */
static int late(int n) {
    int s = 5, r, t;
    if (n == 0) return 0;
    r = late(n - 1);
    t = n + s;
    s = r;
    return t;
}

static unsigned mixed(unsigned n) {
    if (n == 0) return 0;
    if (n & 1) return n ^ mixed(n - 1);
    return n + mixed(n - 1);
}

void divisors(int *restrict out, const int *restrict a, int n) {
    for (int i = 0; i < n; i++) out[i] = gcd(a[i], 12);
}

int coprime_pairs(int n) {
    int count = 0;
    for (int i = 1; i < n; i++)
        for (int j = 1; j < n; j++)
            if (is_coprime(i, j)) count++;
    return count;
}

void powers(unsigned *restrict out, const unsigned *restrict a, int n) {
    for (int i = 0; i < n; i++) out[i] = power(a[i], i, 1);
}

void sums(int *restrict out, const int *restrict a, int n) {
    for (int i = 0; i < n; i++) out[i] = digits(a[i]) + bits(a[i]);
}

int longest(int n) {
    int best = 0;
    for (int i = 1; i < n; i++) {
        int s = steps(i);
        if (s > best) best = s;
    }
    return best;
}

void products(long *out, int n) {
    for (int i = 0; i < n; i++) out[i] = factorial(i % 20);
}

void rows(int *out, int n) {
    for (int i = 0; i < n; i++) fill(out + i * 8, 8);
}

void roots(int *out, int n) {
    for (int i = 0; i < n; i++) out[i] = root_below(i);
}

void fractions(double *out, int n) {
    for (int i = 0; i < n; i++) out[i] = fraction(1.0, i % 8);
}

void sums_of_five(int *out, unsigned *other, int n) {
    for (int i = 0; i < n; i++) out[i] = late(i % 8);
    for (int i = 0; i < n; i++) other[i] = mixed(i % 8);
}

void sequence(int *out, int n) {
    for (int i = 0; i < n; i++) out[i] = fibonacci(i % 8);
}
