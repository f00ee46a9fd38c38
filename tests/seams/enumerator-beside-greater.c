/* An enumerator below 2^31 beside a greater one: where nothing but its value counts. */
#include <stdio.h>

enum flag { LOW = 1, NEXT = LOW + 1, HIGH = 4, ALL = 0xffffffffu };
static int names[] = { LOW, NEXT };

static int kind(enum flag flag) {
    switch (flag) {
    case LOW: return NEXT;
    case HIGH: return (int)LOW - 3;
    default: return names[LOW];
    }
}

int main(void) {
    int n = -6;
    unsigned u = HIGH;
    double x = NEXT - 0.5;
    n |= HIGH;
    u += NEXT - 5u;
    printf("%d %u %g %d %d", n, u, x, kind(LOW), kind(HIGH));
    if (n & HIGH) printf(" %d", n == LOW || !NEXT);
    printf(" %d %d %lu\n", LOW, (u & LOW) == LOW, (unsigned long)ALL);
}
