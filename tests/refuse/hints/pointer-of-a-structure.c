#include <math.h>
typedef struct {
    double least[3];
    double *data;
} points;

void corner(int n, points *p) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) //~ unknown-extent: how far it reaches into p->data is not known
            //? read the pointer once, before the loop
            p->least[k] = fmin(p->least[k], p->data[3 * i + k]);
}
//// as the hint says
#include <math.h>
typedef struct {
    double least[3];
    double *data;
} points;

void corner(int n, points *p) {
    double *data = p->data;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) //~ kernel
            p->least[k] = fmin(p->least[k], data[3 * i + k]);
}
