#ifndef SHARED_NAME_IN_HEADER_H
#define SHARED_NAME_IN_HEADER_H
typedef struct {
    int count;
    double *at;
} vector;
double norm(const vector *v);
#endif
