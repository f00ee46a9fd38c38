/* What host-memory.c does not say itself. */
void called_by_header(int n, float *x);
static inline void call(float *x) { called_by_header(3, x); }
#define CALL_BY_MACRO(n, x) called_by_macro(n, x)
