/* Loops from a pointer to one in memory. */
// mupac: --cpu-threshold 0
struct span { double *begin, *end; };
void scale(struct span *s, double k) {
    for (double *p = s->begin; p < s->end; p++) *p *= k;
}
void add(struct span s, double k) {
    for (double *p = s.begin; p != s.end; ++p) *p += k;
}
double sum(const struct span *s) {
    double t = 0;
    for (const double *p = s->begin; p < s->end; p++) t += *p;
    return t;
}
void copy(struct span to, const double *from) {
    double *d = to.begin;
    while (d < to.end) *d++ = *from++;
}
void each(struct span *s, int n) {
    for (int i = 0; i < n; i++)
        for (double *p = s[i].begin; p < s[i].end; p++) *p = i;
}
/* What is written may be the end. */
void ends(struct span *s, double **out) {
    for (double *p = s->begin; p < s->end; p++) *out++ = p;
}
