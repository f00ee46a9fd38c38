void twice(double *to, const double *from, const double *end) {
    while (from < end) //~ uncountable-loop: how often it runs is not known beforehand: how far from is from end is not known
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
