/* A `const` object at file scope; tentative definitions; `extern` with an initialiser. */
#include <stdio.h>

const int size = 4;
int count;
int count;
int count = 3;
static int hidden;
static int hidden;
extern int later = 5;
struct s { int a; const int b; };

int main(void) { printf("%d %d %d %d\n", size, count, hidden, later); }
