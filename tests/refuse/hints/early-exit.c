void until(int n, int key, const int *restrict a, int *restrict b) {
    for (int i = 0; i < n; i++) { //~ early-exit: may leave early by break
        //? find out where it ends in a loop before
        if (a[i] == key)
            break;
        b[i] = a[i];
    }
}
//// as the hint says
void until(int n, int key, const int *restrict a, int *restrict b) {
    int end = n;
    for (int i = 0; i < n; i++) //~ kernel
        if (a[i] == key && i < end) end = i;
    for (int i = 0; i < end; i++) //~ kernel
        b[i] = a[i];
}
