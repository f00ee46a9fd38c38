#include <setjmp.h>
jmp_buf place;
void duff(int *to, int *from, int count) {
    int n = (count + 7) / 8;
    switch (count % 8) {
    case 0: do { *to++ = *from++;
    case 7:      *to++ = *from++;
    case 6:      *to++ = *from++;
    case 5:      *to++ = *from++;
    case 4:      *to++ = *from++;
    case 3:      *to++ = *from++;
    case 2:      *to++ = *from++;
    case 1:      *to++ = *from++;
            } while (--n > 0);
    }
}
void into(int n, int *a) {
    int i = 3;
    if (n > 5) goto inside;
    for (i = 0; i < n; i++) {
inside:
        a[i] = i;
    }
}
void computed(int n, int *a) {
    static void *places[] = {&&first, &&second};
    for (int i = 0; i < n; i++) {
        goto *places[i & 1];
first:  a[i] = 1; continue;
second: a[i] = 2;
    }
}
void leaves(int n, int *a) {
    for (int i = 0; i < n; i++) {
        if (a[i] < 0) longjmp(place, 1);
        a[i]++;
    }
}
