/* gcc computes with a bit-field wider than `int` in its own width; g++ in that of its type. */
#include <stdio.h>

struct key { unsigned long id : 40; long delta : 36; unsigned long long rest : 52; };

static struct key k;
static struct key *p = &k;

int main(void) {
    k.id = 0xffffffffff;
    k.delta = 0x7ffffffff;
    k.rest = 3;
    printf("%lx\n", (unsigned long)(k.id + 1));
    printf("%lx\n", (unsigned long)(k.id << 8));
    printf("%lx\n", (unsigned long)(p->id * 3));
    printf("%d\n", k.id - 1 > 5);
    printf("%lx\n", (unsigned long)(k.id + 1ul));
    printf("%lx\n", (unsigned long)(k.id + 1u));
    printf("%lx\n", (unsigned long)(-k.id));
    printf("%lx\n", (unsigned long)(~k.id));
    printf("%lx\n", (unsigned long)(k.rest - 4));
    printf("%lx\n", (unsigned long)(k.rest - k.id));
    printf("%lx\n", (unsigned long)(k.id++));
    printf("%lx\n", (unsigned long)(k.id));
    k.id -= 2;
    printf("%lx\n", (unsigned long)(k.id));
    k.id = k.id + 5;
    printf("%lx\n", (unsigned long)(k.id));
    printf("%g\n", (double)(k.id - 4));
    printf("%lx\n", (unsigned long)(1 ? k.id : 1));
    unsigned long x = k.id + 1, y = k.id;
    printf("%lx %lx %d\n", x, y, (k.id + 1 == 0));
}
