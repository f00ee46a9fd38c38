/* Trigraphs are read by -std=c17 and not by gnu17; C++17 has none. */
#include <stdio.h>

int main(void) { printf("%s\n", "what??!"); }
