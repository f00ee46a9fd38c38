// A type that a function declares has the name of one of file scope.
// mupac: --cpu-threshold 100
typedef struct { double a, b; } item;
static item items[3000];
void raise(int n) {
    typedef int item;
    for (item i = 0; i < n; i++)
        items[i].a += 1;
}
