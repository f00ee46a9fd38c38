#include <string.h>

void shift(char *s, int k) {
    for (int i = 0; i < strlen(s); i++) //~ uncountable-loop: how often it runs is not known beforehand: its condition calls strlen each time
        //? call it once before the loop
        if (s[i] >= 'a' && s[i] <= 'z')
            s[i] = (s[i] - 'a' + k) % 26 + 'a';
}
//// as the hint says
#include <string.h>

void shift(char *s, int k) {
    size_t n = strlen(s);
    for (int i = 0; i < n; i++) //~ kernel
        if (s[i] >= 'a' && s[i] <= 'z')
            s[i] = (s[i] - 'a' + k) % 26 + 'a';
}
