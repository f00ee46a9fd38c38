// mupac: -std=c17
/* With -std=c17 C reads trigraphs, C++17 does not. */
#include <stdio.h>

int main(void) { printf("%s\n", "what??!"); } //~ needs-c: the edits for C++ change this text
