/* A tentative definition of an array without a size has one element. */
#include <stdio.h>

int many[]; //~ needs-c: C++ does not accept this: definition of variable with array type needs an explicit size or an initializer

int main(void) { printf("%d\n", many[0]); }
