/* `f()` takes anything in C and nothing in C++; a pointer to such a function. */
#include <stdio.h>

static int add();
static int (*op)() = add; //~ needs-c: C++ does not accept this: cannot initialize a variable of type 'int (*)()' with an lvalue of type 'int (int, int)': different number of parameters (0 vs 2)
static int add(int a, int b) { return a + b; }

int main(void) { printf("%d %d\n", add(1, 2), op(3, 4)); } //~ needs-c: C++ does not accept this: too many arguments to function call, expected 0, have 2
