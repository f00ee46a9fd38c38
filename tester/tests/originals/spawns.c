#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
    printf("%d\n", (int)fork() < 0);
    printf("%d\n", socket(AF_INET, SOCK_STREAM, 0) < 0);
    printf("%d\n", system("true") == 0);
    printf("%d\n", execl("/bin/true", "true", (char *)0) < 0);
    return 0;
}
