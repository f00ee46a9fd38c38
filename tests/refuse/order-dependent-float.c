// mupac: --fp=strict
float total(int n, const float *x) {
    float sum = 0;
    for (int i = 0; i < n; i++) //~ order-dependent-float: computes a sum of floating-point numbers, whose order --fp=strict keeps
        sum += x[i];
    return sum;
}
