/* Loops from one pointer to another one. */
// mupac: --cpu-threshold 0
double sum(const double *b, const double *e) {
    double s = 0;
    while (b < e) s += *b++;
    return s;
}
void scale(float *a, float *end, float by) {
    for (float *p = a; p != end; ++p) *p *= by;
}
void copy(const short *from, const short *end, int *to) {
    for (; from < end; from++) *to++ = *from * 2;
}
long count(const unsigned char *text, const unsigned char *end) {
    long spaces = 0;
    for (const unsigned char *p = text; p < end; p++)
        if (*p == ' ') spaces++;
    return spaces;
}
