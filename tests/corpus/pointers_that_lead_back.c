/* A pointer that a structure holds may lead to what the loop writes, wherever the structure itself lies; and one that is
   followed in an inner loop need not lead anywhere, however large the bound was before. */
#include <stdio.h>
#include <stdlib.h>

struct count { int *of; };
struct bytes { char *data; };
static int written[200];

void by_value(struct count c) {
    for (int i = 0; i < *c.of; i++)
        written[i] = 50;
}

int own(int k) {
    struct count c;
    int *out = malloc(400);
    c.of = out;
    for (int i = 0; i < 100; i++)
        out[i] = k;
    for (int i = 0; i < *c.of; i++)
        out[i] = 50;
    int found = out[60];
    free(out);
    return found;
}

void restricted(int *restrict out) {
    struct count c;
    c.of = out + 3;
    for (int i = 0; i < *c.of; i++)
        out[i] = 50;
}

void through_table(char *out, struct bytes *first) {
    struct bytes *table[2];
    table[0] = table[1] = first;
    for (long i = 0; i < 8; i++)
        out[i] = table[1]->data[i];
}

void inner(struct bytes *b, int n, const int *counts) {
    int k = 5;
    for (int i = 0; i < n; i++) {
        k = counts[i];
        for (int j = 0; j < k; j++)
            b->data[i] += j;
    }
}

int main(void) {
    static char text[16];
    static int none[9], some[150];
    struct count c = {&written[2]};
    struct bytes b = {text};
    for (int i = 0; i < 200; i++)
        written[i] = 100;
    by_value(c);
    some[3] = 120;
    restricted(some);
    through_table(text + 8, &b);
    inner(0, 9, none);
    inner(&b, 9, some);
    printf("%d %d %d %d %d\n", written[60], own(74), own(40), some[60], text[4]);
}
