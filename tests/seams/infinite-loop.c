/* Loops without effects whose condition is no constant may be removed in C++, and in C too; one with a constant not in C. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void done(int signal) {
    (void)signal;
    static const char text[] = "waited\n";
    if (write(1, text, sizeof text - 1)) _exit(5);
    _exit(6);
}

static void spin(void) {
    while (1)
        ;
}

int main(int argc, char **argv) {
    (void)argv;
    signal(SIGALRM, done);
    ualarm(1000, 0);
    spin();
    printf("went on %d\n", argc);
    return 0;
}
