/* `main` calls itself. */
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc < 4) return main(argc + 1, argv) + 1;
    printf("%d\n", argc);
    return 0;
}
