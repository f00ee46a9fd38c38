template <class T> T product(T a, T b) {  // rounded as in kernels, which do not contract it with a sum either
    const volatile T rounded = a * b;
    return rounded;
}
