typedef struct {
    int count;
    double *data;
} vector;

void positive(int n, vector *v) {
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into v->data is not known
        //? read the pointer once, before the loop
        v->count += v->data[i] > 0;
}
//// as the hint says
typedef struct {
    int count;
    double *data;
} vector;

void positive(int n, vector *v) {
    double *data = v->data;
    for (int i = 0; i < n; i++) //~ kernel
        v->count += data[i] > 0;
}
