#include <stddef.h>

struct node {
    double value;
    struct node *next;
};

void scale(struct node *p, double a) {
    while (p != NULL) { //~ uncountable-loop: how often it runs is not known beforehand: `p = p->next` goes to wherever a pointer in memory leads
        //? keep the elements in an array, and loop over its subscripts
        p->value *= a;
        p = p->next;
    }
}
//// as the hint says
struct node {
    double value;
};

void scale(int n, struct node *p, double a) {
    for (int i = 0; i < n; i++) //~ kernel
        p[i].value *= a;
}
