/* A loop with a constant condition that only reads never ends in C; C++ takes it to end. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void done(int signal) {
    (void)signal;
    static const char text[] = "waited\n";
    if (write(1, text, sizeof text - 1)) _exit(5);
    _exit(6);
}

static int flag;

static int wait_for(int n) {
    for (;;)
        if (n < flag)
            return n;
}

static int wait_more(int n) {
    int left[2] = {0};
    do {
        left[n & 1]++;
        if (n > 100) break;
    } while (1);
    return n;
}

int main(int argc, char **argv) {
    (void)argv;
    signal(SIGALRM, done);
    ualarm(1000, 0);
    if (argc > 1)
        wait_more(argc);
    else
        wait_for(argc);
    printf("went on\n");
    return 0;
}
