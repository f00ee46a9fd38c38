/* `__builtin_types_compatible_p` and `__builtin_choose_expr` are C alone. */
#include <stdio.h>

int main(void) { printf("%d\n", __builtin_types_compatible_p(int, int)); } //~ needs-c: C++ does not accept this: expected '(' for function-style cast or type construction
