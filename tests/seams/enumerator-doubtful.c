/* The same where the sign or the width of the computation counts: compilers of C disagree. */
#include <stdio.h>

enum flag { LOW = 1, ALL = 0xffffffffu };
enum wide { LESS = -1, MORE = 0x80000000u };

int main(void) {
    int i = -1;
    printf("%d", LOW - 2 < 0); //~ needs-c: `LOW` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
    printf("%d", LOW > i); //~ needs-c: `LOW` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
    printf("%ld", (long)-LOW); //~ needs-c: `LOW` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
    printf("%d", LESS == 0xffffffffu); //~ needs-c: `LESS` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
    printf("%d", (i & LOW) - 2 < 0); //~ needs-c: `LOW` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
    printf("%d\n", (int)sizeof(LOW)); //~ needs-c: `LOW` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one of them makes all alike
}
