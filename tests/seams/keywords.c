/* Keywords of C++ as names. */
#include <stdio.h>

struct class { int this; int new; };
static int delete(struct class *template) { return template->this + template->new; }

int main(void) {
    struct class private = { 1, 2 };
    int try = delete(&private), catch = 3;
    typedef int virtual;
    virtual operator = 4;
    goto public;
public:
    printf("%d %d %d %d\n", try, catch, operator, private.this);
    int constexpr = 1, nullptr = 2, decltype = 3, thread_local = 4, noexcept = 5, alignof = 6, char16_t = 7, static_assert = 8;
    printf("%d\n", constexpr + nullptr + decltype + thread_local + noexcept + alignof + char16_t + static_assert);
}
