/* A string as the value of `?:` that becomes `char *`. */
#include <stdio.h>

static char *choose(int k) { return k ? "yes" : "no"; } //~ needs-c: C++ does not accept this: cannot initialize return object of type 'char *' with an rvalue of type 'const char *'

int main(void) { puts(choose(1)); }
