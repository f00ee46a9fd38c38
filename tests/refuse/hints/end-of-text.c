void shift(char *s, int k) {
    for (int i = 0; s[i] != '\0'; i++) //~ uncountable-loop: how often it runs is not known beforehand: `s[i] != '\0'` reads memory to find out whether it goes on
        //? find out how many iterations there are in a loop before
        s[i] = s[i] + k;
}
//// as the hint says
void shift(char *s, int k) {
    int n = 0;
    while (s[n] != '\0')
        n++;
    for (int i = 0; i < n; i++) //~ kernel
        s[i] = s[i] + k;
}
