void add(int *at, const int *x) {
    for (int i = 0; i < at[0]; i++) //~ unsupported: writing at[1] beside the bound at[0]
        //? read it into a variable before the loop
        at[1] += x[i];
}
//// as the hint says
void add(int *at, const int *x) {
    int at_at = at[0];
    for (int i = 0; i < at_at; i++) //~ kernel
        at[1] += x[i];
}
