void twice(double *to, const double *from, const double *end) {
    while (from < end)
        //? count the elements
        *to++ = *from++ * 2;
}
//// as the hint says
// mupac: --unchecked=keep
void twice(double *to, const double *from, const double *end) {
    long n = end - from;
    for (long i = 0; i < n; i++) //~ kernel
        to[i] = from[i] * 2;
}
