// mupac: --cpu-threshold 0
// Structures of which each has rows of its own, as records of a program have them.
#include <math.h>

typedef struct {
    int n;
    double *open, *close;
    double mean;
} series;

typedef struct {
    int id;
    series of;
} stock;

void means(series *s, int count, int n) {
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int t = 0; t < n; t++) sum += s[i].close[t];
        s[i].mean = sum / n;
    }
}

void returns(series *s, int count, int n) {
    for (int i = 0; i < count; i++)
        for (int t = 1; t < n; t++) s[i].open[t] = log(s[i].close[t] / s[i].close[t - 1]);
}

void smoothed(const series *s, int count, int n, double *last) {
    for (int i = 0; i < count; i++) {
        const series *p = &s[i];
        double e = p->close[0];
        for (int t = 1; t < n; t++) e += 0.1 * (p->close[t] - e);
        last[i] = e;
    }
}

void neighbours(stock *s, int count, int n) {
    for (int i = 1; i < count - 1; i++)
        for (int t = 0; t < n; t++) s[i].of.open[t] = s[i - 1].of.close[t] - s[i + 1].of.close[t];
}
