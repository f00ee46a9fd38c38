// Loops that a thread leaves early: by `break`, and by `return` of a function that is seen through.

// The counter is read afterwards.
void mandelbrot(int *steps, int width, int height, int most) {
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double cr = -2.0 + 3.0 * x / width, ci = -1.5 + 3.0 * y / height, zr = 0, zi = 0;
            int i;
            for (i = 0; i < most; i++) {
                double t = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = t;
                if (zr * zr + zi * zi > 4.0) break;
            }
            steps[y * width + x] = i;
        }
}

// What is found says where to look: an element of x, of which there are n.
static int position(const double *sums, int n, double value) {
    for (int i = 0; i < n; i++)
        if (sums[i] >= value) return i;
    return -1;
}
void resample(double *out, const double *x, const double *sums, const double *u, int n) {
    for (int j = 0; j < n; j++) {
        int i = position(sums, n, u[j]);
        if (i == -1) i = n - 1;
        out[j] = x[i];
    }
}

// A return from two loops.
static int pair(const int *s, int m, int sum) {
    for (int a = 0; a < m; a++)
        for (int b = a + 1; b < m; b++)
            if (s[a] + s[b] == sum) return a * m + b;
    return -1;
}
void pairs(int *out, const int *q, int n, const int *s, int m) {
    for (int i = 0; i < n; i++) out[i] = pair(s, m, q[i]);
}

// `continue` and `break`; the counter is declared far away.
void free_places(int *out, const double *x, const double *y, int n) {
    int i, j;
    for (i = 0; i < n; i++) {
        int is_free = 1;
        for (j = 0; j < n; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j];
            if (j == i) continue;
            if (dx * dx + dy * dy < 1.0) {
                is_free = 0;
                break;
            }
        }
        out[i] = is_free;
    }
}

// Something follows a branch that may leave.
void settle(double *r, int *steps, const double *a, int n) {
    for (int i = 0; i < n; i++) {
        double x = a[i], least = a[i];
        int k = 0;
        for (k = 40; k > 0; k--) {
            double y = 0.5 * (x + a[i] / x);
            if (y < x) {
                least = y;
                if (x - y < 1e-9) break;
                x = y;
            } else {
                x = 0.5 * (x + y);
            }
            if (least <= 0) break;
            least += 0.125;
        }
        r[i] = x + least;
        steps[i] = k;
    }
}

// A loop without a counter.
void collatz(int *out, const int *a, int n) {
    for (int i = 0; i < n; i++) {
        int v = a[i], count = 0;
        while (1) {
            if (v <= 1) break;
            v = v % 2 ? 3 * v + 1 : v / 2;
            if (++count > 500) break;
        }
        out[i] = count;
    }
}

// Rounds of an inner loop go on with what the ones before left.
void rounds(int *out, const int *a, const int *b, int n, int m) {
    for (int i = 0; i < n; i++) {
        int at, sum = 0;
        for (int t = 0; t < 3; t++) {
            for (int k = 0; k < m; k++)
                if (a[k] == i - t * 100) at = k;
            if (t > 0) sum += b[at];
            at = m + 5 + t;
        }
        out[i] = sum;
    }
}

// Where the inner loop is empty, the counter leads behind what it counts.
void behind(int *out, const int *a, const int *b, int n, int m) {
    for (int i = 0; i < n; i++) {
        int k;
        for (k = i + 2; k < m; k++)
            if (a[k] == 5) break;
        out[i] = b[k];
    }
}

// Of what is read from memory only the type says how far it reaches, so that the host looks before.
void by_table(int *out, const int *a, const short *c, const int *b, int n, int m) {
    for (int i = 0; i < n; i++) {
        short r = 0;
        for (int k = 0; k < m; k++)
            if (a[k] > i) r = c[k];
        out[i] = b[r];
    }
}

// A bound on the counter and something else.
int matches(const char *text, int n, const char *word, int m) {
    int count = 0;
    for (int i = 0; i + m <= n; i++) {
        int j;
        for (j = 0; j < m; j++)
            if (text[i + j] != word[j]) break;
        if (j == m) count++;
    }
    return count;
}

// Stays: which iteration comes first is what the outer loop asks.
int first_negative(const int *a, int n) {
    int k;
    for (k = 0; k < n; k++)
        if (a[k] < 0) break;
    return k;
}
