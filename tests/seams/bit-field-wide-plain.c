/* A wide bit-field that is only stored, loaded and converted. */
#include <stdio.h>

struct key { unsigned long id : 40; long delta : 36; };

int main(void) {
    struct key k = { 0xffffffffff, -1 };
    unsigned long id = k.id;
    long delta = k.delta;
    unsigned long sum = (unsigned long)k.id + 1;
    long less = (long)k.delta - 1;
    k.id = sum;
    k.delta = less;
    if (k.delta)
        printf("%lx %ld %lx %ld %lx %ld %d\n", id, delta, sum, less, (unsigned long)k.id, (long)k.delta, (long)k.delta < 0);
    struct key copy = k;
    printf("%ld %d %d\n", (long)copy.delta, k.id == 0, k.delta < 5);
}
