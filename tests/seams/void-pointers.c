/* GNU C counts in bytes with `void *`. */
#include <stdio.h>
#include <string.h>

static long between(const void *low, const void *high) { return high - low; }

static void shuffled(void *all, size_t count, size_t size) {
    char spare[16];
    for (size_t i = 0; i + 1 < count; i++) {
        memcpy(spare, all + i * size, size);
        memcpy(all + i * size, all + ((i + 1) * size), size);
        memcpy(size + all + i * size, spare, size);
    }
}

int main(void) {
    int a[6] = { 1, 2, 3, 4, 5, 6 };
    void *p = a;
    p += 4;
    int *second = p;
    p = p + 4;
    int *third = p + 0;
    p -= p == (void *)a ? 4 : 8;
    printf("%d %d %d\n", *(int *)p, *second, *third);
    for (int i = 0; i < 4; i++) p++;
    printf("%d\n", *(int *)p);
    const void *q = p++;
    p--;
    printf("%d %ld %ld\n", *(const int *)(q - 4), between(a, q), (long)(q - (const void *)a));
    shuffled(a, 6, sizeof a[0]);
    for (int i = 0; i < 6; i++) printf("%d\n", a[i]);
    return 0;
}
