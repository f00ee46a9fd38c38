volatile double gain;

void amplify(int n, float *x) {
    for (int i = 0; i < n; i++) //~ volatile: touches the volatile object gain
        //? copy the object to a plain variable before the loop
        x[i] *= gain;
}
//// as the hint says
// mupac: --unchecked=keep
volatile double gain;

void amplify(int n, float *x) {
    double now = gain;
    for (int i = 0; i < n; i++) //~ kernel
        x[i] *= now;
}
