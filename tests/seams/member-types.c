/* Members with the names of types that their structure names: members have a name space of their own in C. */
#include <stdio.h>

typedef struct list list;
typedef double weight, sums[4];

struct list {
    weight weight, *weights;
    sums sums;
    const list *list;
    unsigned char left[sizeof(weight)];
};

int main(void) {
    struct list first = {.weight = 2, .sums = {1, 3}};
    list second = {.weights = &first.weight, .list = &first};
    second.sums[2] = *second.weights + second.list->sums[1];
    printf("%g %d\n", second.sums[2], (int)sizeof second.left);
}
