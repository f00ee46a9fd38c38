/* Keywords that C++ spells differently, in a header that asks for no language. */
struct flags {
    _Bool is_set;
};
void scale(int n, double *restrict x, const double *restrict y, struct flags flags);
