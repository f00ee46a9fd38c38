/* `__PRETTY_FUNCTION__` is the name alone in C. */
#include <stdio.h>

#define HERE __PRETTY_FUNCTION__

static void f(int n) { printf("%s %s %d\n", __PRETTY_FUNCTION__, HERE, n); }

int main(void) { f(1); printf("%s %zu\n", __FUNCTION__, sizeof __func__); }
