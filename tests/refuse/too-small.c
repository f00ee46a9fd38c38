void four(float *a) {
    for (int i = 0; i < 4; i++) //~ too-small: 4 iterations are too few to pay for a launch (8192 would do)
        a[i] = i;
}
