static double of_header;
static inline double peek(void) { return of_header; }
