/* Counts as a header of the system, and belongs to the file all the same. */
#pragma GCC system_header
void called_by_system_header(int n, float *x);
static inline void system_header(float *x) { called_by_system_header(3, x); }
