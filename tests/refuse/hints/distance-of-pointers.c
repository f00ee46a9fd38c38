struct pair {
    double a, b;
};
void twice(struct pair *to, const struct pair *from, const struct pair *end) {
    while (from < end) { //~ uncountable-loop: how often it runs is not known beforehand: how far from is from end is not known
        //? count the elements
        to->a = from->a * 2;
        to->b = from->b * 2;
        to++;
        from++;
    }
}
//// as the hint says
// mupac: --unchecked=keep
struct pair {
    double a, b;
};
void twice(struct pair *to, const struct pair *from, const struct pair *end) {
    long n = end - from;
    for (long i = 0; i < n; i++) { //~ kernel
        to[i].a = from[i].a * 2;
        to[i].b = from[i].b * 2;
    }
}
